import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { buildIfStale } from './build/build-if-stale';
import { faultTable, missingFaults, readFaults } from './test/fault-table';
import type { RunReport } from './test/report';

// npm test            unit, integration and browser tests
// npm test -- NAME…   the named Vitest projects: unit, integration, e2e, clients, faults
const root = fileURLToPath(new URL('..', import.meta.url));
const known = ['unit', 'integration', 'e2e', 'clients', 'faults'];
const args = process.argv.slice(2);
const named = args.filter((arg) => known.includes(arg));
const projects = named.length > 0 ? named : ['unit', 'integration', 'e2e'];
const rest = args.filter((arg) => !known.includes(arg));

interface Run extends RunReport {
  readonly code: number;
}

interface Tables {
  readonly faults: string;
  readonly clients: string;
}

/** Of a whole run: files that failed beside others are asked once more, each alone, when they are no more than these. */
const mostAskedAgain = 8;

process.exitCode = await main();

async function main(): Promise<number> {
  if (projects.some((project) => project !== 'unit')) {
    const { built, ms } = await buildIfStale(root, (line) => console.log(line));
    if (built) console.log(`built in ${(ms / 1000).toFixed(1)} s`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const tables = { faults: join(scratch, 'faults.ndjson'), clients: join(scratch, 'clients.md') };
  try {
    const run = await vitest(join(scratch, 'report.json'), tables, rest);
    const doubtful = rest.length > 0 || run.strays.length > 0 ? [] : filesOf(run);
    const isAskedAgain = doubtful.length > 0 && doubtful.length <= mostAskedAgain;
    const again = isAskedAgain
      ? await vitest(join(scratch, 'again.json'), tables, ['--no-file-parallelism', ...doubtful])
      : null;
    const missing = projects.includes('faults') ? tellFaults(tables.faults) : 0;
    if (projects.includes('clients') && existsSync(tables.clients))
      console.log(`\n${readFileSync(tables.clients, 'utf8')}`);
    return again?.code === 0 ? tellWavered(run, again, missing) : tellRun(run, missing);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function filesOf({ failures }: RunReport): string[] {
  return [...new Set(failures.map(({ file }) => file))];
}

function sumOf(byFile: RunReport['passed']): number {
  return Object.values(byFile).reduce((sum, each) => sum + each, 0);
}

/** What failed beside others passed alone: the run has passed, and says what wavered. */
function tellWavered(run: Run, again: Run, missing: number): number {
  tellFailures(run, 'WAVERED');
  const told = `${run.failures.length} failed beside others and passed alone`;
  console.log(`${told}, above as WAVERED: each hides a race or a wait too short.`);
  return tellSum(sumOf({ ...run.passed, ...again.passed }), missing, sumOf({ ...run.skipped, ...again.skipped }));
}

function tellRun(run: Run, missing: number): number {
  tellFailures(run, 'FAILED');
  // A run may fail without anything in it that failed.
  const failed = Math.max(run.failures.length + run.strays.length, run.code === 0 ? 0 : 1);
  return tellSum(sumOf(run.passed), failed + missing, sumOf(run.skipped));
}

function tellSum(passed: number, failed: number, skipped: number): number {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 ? 1 : 0;
}

/** Says once more, below all tables, what failed and why: the end of a log is what one reads first. */
function tellFailures({ failures, strays }: RunReport, word: 'FAILED' | 'WAVERED'): void {
  for (const { file, what, messages } of failures) tellFailure(word, `${relative(root, file)}: ${what}`, messages);
  for (const each of strays) tellFailure(word, 'outside of every test', [each]);
}

function tellFailure(word: string, what: string, messages: readonly string[]): void {
  const text = stripVTControlCharacters(messages.join('\n'));
  const lines = text.split('\n').filter((line) => !line.includes('/node_modules/'));
  console.log([`${word} ${what}`, ...lines.slice(0, 30).map((line) => `${word}   ${line}`)].join('\n'));
}

/** Prints the table of faults; rows of the catalogue without a test are failures, unless only some were asked for. */
function tellFaults(file: string): number {
  const seen = readFaults(file);
  console.log(`\n${faultTable(seen)}\n`);
  const missing = rest.length > 0 ? [] : missingFaults(seen);
  if (missing.length > 0) console.log(`No test recorded ${missing.join(', ')}: the catalogue is not complete.`);
  return missing.length;
}

function vitest(report: string, { faults, clients }: Tables, what: readonly string[]): Promise<Run> {
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
      '--reporter=scripts/test/report.ts',
      ...what,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: 'test',
        NEXT_TELEMETRY_DISABLED: '1',
        SLUICE_TEST_REPORT: report,
        SLUICE_FAULT_TABLE: faults,
        SLUICE_CLIENT_TABLE: clients,
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve({ ...readReport(report), code: code ?? 1 }));
  });
}

/** Of a run that ended before it could write one: nothing. */
function readReport(file: string): RunReport {
  if (!existsSync(file)) return { passed: {}, skipped: {}, failures: [], strays: [] };
  return JSON.parse(readFileSync(file, 'utf8')) as RunReport;
}
