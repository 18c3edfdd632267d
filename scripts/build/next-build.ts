import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { getPriority, setPriority } from 'node:os';
import { endWithParent } from '../start/child';

const mostOutput = 8000;
/** A third of the processor where all are busy: more, and the first images wait; less, and the pages never come. */
const niceness = 5;

/** `next build`, given up at `signal`; the error holds the end of what it said. It ends with this process, however that ends. */
export function nextBuild(root: string, signal?: AbortSignal, program = nextProgram()): Promise<void> {
  const child = spawn(process.execPath, ['--import', endWithParent, program, 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(signal && { signal }),
  });
  giveWay(child.pid);
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

/** A Sluice that serves meanwhile comes first; on a machine with nothing else to do it takes no longer. */
function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, Math.max(getPriority(), niceness));
  } catch {
    // It has ended already, or priorities are not ours to give.
  }
}

function nextProgram(): string {
  return createRequire(import.meta.url).resolve('next/dist/bin/next');
}
