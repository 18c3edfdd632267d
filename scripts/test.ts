import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build/build-if-stale';
import { faultTable, missingFaults, readFaults } from './test/fault-table';

// npm test            unit, integration and browser tests
// npm test -- NAME…   the named Vitest projects: unit, integration, e2e, faults
const root = fileURLToPath(new URL('..', import.meta.url));
const known = ['unit', 'integration', 'e2e', 'faults'];
const args = process.argv.slice(2);
const named = args.filter((arg) => known.includes(arg));
const projects = named.length > 0 ? named : ['unit', 'integration', 'e2e'];
const rest = args.filter((arg) => !known.includes(arg));

process.exitCode = await main();

async function main(): Promise<number> {
  if (projects.some((project) => project !== 'unit')) {
    const { built, ms } = await buildIfStale(root, (line) => console.log(line));
    if (built) console.log(`built in ${(ms / 1000).toFixed(1)} s`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const report = join(scratch, 'report.json');
  const faults = join(scratch, 'faults.ndjson');
  try {
    const code = await vitest(report, faults);
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
    } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that does not load has no tests to fail.
    const broken = code !== 0 && failed === 0 ? 1 : 0;
    const missing = projects.includes('faults') ? tellFaults(faults) : 0;
    console.log(`${passed} passed, ${failed + broken + missing} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    return missing > 0 ? 1 : code;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Prints the table of faults; rows of the catalogue without a test are failures, unless only some were asked for. */
function tellFaults(file: string): number {
  const seen = readFaults(file);
  console.log(`\n${faultTable(seen)}\n`);
  const missing = rest.length > 0 ? [] : missingFaults(seen);
  if (missing.length > 0) console.log(`No test recorded ${missing.join(', ')}: the catalogue is not complete.`);
  return missing.length;
}

function vitest(report: string, faults: string): Promise<number> {
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
      ...rest,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NODE_ENV: 'test', NEXT_TELEMETRY_DISABLED: '1', SLUICE_FAULT_TABLE: faults },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
