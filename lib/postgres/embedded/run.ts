import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids } from './run-as';

/** Only what the programs need: the caller's secrets and its PG* variables stay out of the server's environment. */
export const environment: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  PATH: process.env.PATH ?? '',
  LC_ALL: 'C',
  TZ: 'UTC',
  HOME: '/',
  ...(process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot, TEMP: process.env.TEMP } : {}),
};

/**
 * Runs a program to its end. Its output goes to a file: pg_ctl hands its stdio to the server it starts, and with a
 * pipe we would wait for the server to end.
 */
export async function run(ids: Ids, file: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  const log = join(tmpdir(), `sluice-run-${randomUUID()}.log`);
  const fd = openSync(log, 'w', 0o600);
  try {
    const child = spawn(file, [...args], { ...ids, env: environment, cwd: '/', stdio: ['ignore', fd, fd] });
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status) => resolve(status ?? 1));
    });
    return { code, text: readFileSync(log, 'utf8').trim() };
  } finally {
    closeSync(fd);
    rmSync(log, { force: true });
  }
}
