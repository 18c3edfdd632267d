import { type ChildProcess, spawn } from 'node:child_process';

export interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  stop(): Promise<void>;
}

const startWithinMs = 30_000;
const living = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A node process that says `LISTENING <port>`; ended with this one at the latest. */
export function startProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${args.at(-1)} ${why}:\n${output}`));
    const timer = setTimeout(() => fail(`does not listen after ${startWithinMs / 1000} s`), startWithinMs);
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
      const port = Number(/LISTENING (\d+)/.exec(output)?.[1] ?? 0);
      if (port === 0) return;
      clearTimeout(timer);
      resolve({ child, port, stop: () => ended(child) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
