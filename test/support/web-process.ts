import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundleFolder } from '@/scripts/build/build-if-stale';

export interface WebProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** The built web process, as `npm start` runs it, on a free port; ended with this process at the latest. */
export function startWebProcess(root: string, env: Readonly<Record<string, string>>): Promise<WebProcess> {
  const child = spawn(process.execPath, [join(bundleFolder(root), 'web.mjs')], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
      const port = /"port":(\d+)[^\n]*"msg":"listening"/.exec(output)?.[1];
      if (port) resolve({ url: `http://127.0.0.1:${port}`, stop: () => ended(child) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`The web process ended with ${code}:\n${output}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
