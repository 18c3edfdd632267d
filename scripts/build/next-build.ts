import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { leash } from '../start/child';

const mostOutput = 8000;

/** `next build`, given up at `signal`; the error holds the end of what it said. It ends with this process, however that ends. */
export function nextBuild(root: string, signal?: AbortSignal, program = nextProgram()): Promise<void> {
  const child = spawn(process.execPath, ['--import', leash, program, 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(signal && { signal }),
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-mostOutput);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      reject(new Error(`next build ended with ${signal ?? `code ${code}`}:\n${output.trim()}`));
    });
  });
}

function nextProgram(): string {
  return createRequire(import.meta.url).resolve('next/dist/bin/next');
}
