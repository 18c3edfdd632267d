import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleProcesses } from './bundle';
import { sourcesHash } from './sources-hash';

export interface BuildOutcome {
  readonly built: boolean;
  readonly ms: number;
}

export const bundleFolder = (root: string) => join(root, '.next', 'sluice');

/** Builds unless the last finished build was made from exactly these sources. */
export async function buildIfStale(root: string, say: (line: string) => void = () => {}): Promise<BuildOutcome> {
  const began = performance.now();
  const hash = sourcesHash(root);
  const outdir = bundleFolder(root);
  const stamp = join(outdir, 'sources');
  if (stampOf(stamp) === hash) return { built: false, ms: performance.now() - began };
  say('building the dashboard (the long part of a first start, about half a minute) …');
  await nextBuild(root);
  // After Next: its build wipes .next.
  mkdirSync(outdir, { recursive: true });
  await bundleProcesses(root, outdir);
  writeFileSync(stamp, hash);
  return { built: true, ms: performance.now() - began };
}

function stampOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function nextBuild(root: string): Promise<void> {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-8000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A start that is ended meanwhile leaves no build behind.
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`next build ended with ${signal ?? `code ${code}`}:\n${output.trim()}`)),
    );
  });
}
