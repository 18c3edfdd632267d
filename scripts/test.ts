import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { buildIfStale } from './build/build-if-stale';
import { faultTable, missingFaults, readFaults } from './test/fault-table';

// npm test            unit, integration and browser tests
// npm test -- NAME…   the named Vitest projects: unit, integration, e2e, clients, faults
const root = fileURLToPath(new URL('..', import.meta.url));
const known = ['unit', 'integration', 'e2e', 'clients', 'faults'];
const args = process.argv.slice(2);
const named = args.filter((arg) => known.includes(arg));
const projects = named.length > 0 ? named : ['unit', 'integration', 'e2e'];
const rest = args.filter((arg) => !known.includes(arg));

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Of a whole run: files that failed beside others are asked once more, alone, when they are no more than these. */
const mostAskedAgain = 3;

process.exitCode = await main();

async function main(): Promise<number> {
  if (projects.some((project) => project !== 'unit')) {
    const { built, ms } = await buildIfStale(root, (line) => console.log(line));
    if (built) console.log(`built in ${(ms / 1000).toFixed(1)} s`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const report = join(scratch, 'report.json');
  const tables = { faults: join(scratch, 'faults.ndjson'), clients: join(scratch, 'clients.md') };
  try {
    const code = await vitest(report, tables, rest);
    const result = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = result;
    const doubtful = rest.length > 0 ? [] : failedFiles(result);
    const isAskedAgain = doubtful.length > 0 && doubtful.length <= mostAskedAgain;
    const wavered = isAskedAgain && (await vitest(join(scratch, 'again.json'), tables, doubtful)) === 0;
    const missing = projects.includes('faults') ? tellFaults(tables.faults) : 0;
    if (projects.includes('clients') && existsSync(tables.clients))
      console.log(`\n${readFileSync(tables.clients, 'utf8')}`);
    const told = tellFailures(result, wavered ? 'WAVERED' : 'FAILED');
    if (wavered) {
      console.log(
        `${told} failed beside others and passed alone, above as WAVERED: each hides a race or a wait too short.`,
      );
      console.log(`${passed + failed} passed, ${missing} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
      return missing > 0 ? 1 : 0;
    }
    // A file that does not load has no tests to fail, and a run may fail without either.
    const broken = Math.max(told, code === 0 ? 0 : 1) - failed;
    console.log(`${passed} passed, ${failed + broken + missing} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    return missing > 0 ? 1 : code;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Says once more, below all tables, what failed and why: the end of a log is what one reads first. */
function tellFailures({ testResults }: VitestReport, word: 'FAILED' | 'WAVERED'): number {
  let told = 0;
  for (const { name, message, assertionResults } of testResults) {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (message && failed.length === 0) told += tellFailure(word, relative(root, name), [message]);
    for (const { fullName, failureMessages } of failed) {
      told += tellFailure(word, `${relative(root, name)}: ${fullName}`, failureMessages ?? []);
    }
  }
  return told;
}

function tellFailure(word: string, what: string, messages: readonly string[]): 1 {
  const text = stripVTControlCharacters(messages.join('\n'));
  const lines = text.split('\n').filter((line) => !line.includes('/node_modules/'));
  console.log([`${word} ${what}`, ...lines.slice(0, 30).map((line) => `${word}   ${line}`)].join('\n'));
  return 1;
}

/** Files with a test that failed, or that did not load. */
function failedFiles({ testResults }: VitestReport): string[] {
  const hasFailed = ({ message, assertionResults }: VitestReport['testResults'][number]) =>
    assertionResults.some(({ status }) => status === 'failed') || (message && assertionResults.length === 0);
  return testResults.filter(hasFailed).map(({ name }) => relative(root, name));
}

/** Prints the table of faults; rows of the catalogue without a test are failures, unless only some were asked for. */
function tellFaults(file: string): number {
  const seen = readFaults(file);
  console.log(`\n${faultTable(seen)}\n`);
  const missing = rest.length > 0 ? [] : missingFaults(seen);
  if (missing.length > 0) console.log(`No test recorded ${missing.join(', ')}: the catalogue is not complete.`);
  return missing.length;
}

function vitest(
  report: string,
  { faults, clients }: Record<'faults' | 'clients', string>,
  what: readonly string[],
): Promise<number> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const child = spawn(
    process.execPath,
    [
      bin,
      'run',
      '--config',
      'test/vitest.config.ts',
      ...projects.flatMap((name) => ['--project', name]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...what,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: 'test',
        NEXT_TELEMETRY_DISABLED: '1',
        SLUICE_FAULT_TABLE: faults,
        SLUICE_CLIENT_TABLE: clients,
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
