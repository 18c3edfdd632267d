import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface AppFrontChild {
  readonly url: string;
  /** All it has printed so far. */
  output(): string;
  close(): Promise<void>;
}

/** The front and the route handlers in a process of their own, without pages: no build is needed. */
export async function startAppFrontChild(env: Readonly<Record<string, string>>): Promise<AppFrontChild> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-front-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/app-front-process.ts'], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', SLUICE_DATA_DIR: folder, LOG_LEVEL: 'info', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (part: Buffer) => {
      output += part.toString();
      const found = /LISTENING (\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`the front ended: ${output.slice(-2000)}`)));
  });
  const close = async () => {
    child.kill('SIGTERM');
    child.stdin.end();
    await ended;
    process.off('exit', endWithUs);
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, output: () => output, close };
}
