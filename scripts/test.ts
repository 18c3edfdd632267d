import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build/build-if-stale';

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
  try {
    const code = await vitest(report);
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
    } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that does not load has no tests to fail.
    const broken = code !== 0 && failed === 0 ? 1 : 0;
    console.log(`${passed} passed, ${failed + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    return code;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function vitest(report: string): Promise<number> {
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
      env: { ...process.env, NODE_ENV: 'test', NEXT_TELEMETRY_DISABLED: '1' },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
