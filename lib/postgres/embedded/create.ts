import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Programs, rootsRoom } from './programs';
import { reachable } from './reachable';
import { run } from './run';
import type { Ids } from './run-as';
import { give, includeSettings } from './settings';

const passwordFile = 'sluice.password';

/**
 * Makes the cluster where there is none, and gives its real folder. Built beside its place and moved there when it is
 * whole, so that a start that dies half-way, or three starts at once, leave no half a database.
 */
export async function createCluster(dir: string, programs: Programs, ids: Ids): Promise<string> {
  if (isCluster(dir)) return realpathSync(dir);
  mkdirSync(dirname(dir), { recursive: true });
  // An unreachable place keeps a link; the cluster itself goes where its user can walk.
  const near = reachable(dirname(dir), ids);
  const home = near ? realpathSync(dirname(dir)) : rootsRoom;
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const fresh = join(home, `${basename(dir)}.new-${process.pid}-${randomBytes(3).toString('hex')}`);
  try {
    await initialise(fresh, programs, ids);
    if (near) renameSync(fresh, dir);
    else symlinkSync(fresh, dir);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!isCluster(dir)) throw error;
  }
  return realpathSync(dir);
}

function isCluster(dir: string): boolean {
  return existsSync(join(dir, 'PG_VERSION'));
}

async function initialise(dir: string, programs: Programs, ids: Ids): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  give(dir, ids);
  const secret = `${dir}.pw`;
  try {
    writeFileSync(secret, randomBytes(18).toString('base64url'), { mode: 0o600 });
    give(secret, ids);
    const { code, text } = await run(ids, programs.initdb, [
      ...['-D', dir, '-U', 'postgres', '--encoding=UTF8', '--no-locale'],
      ...['--auth=scram-sha-256', `--pwfile=${secret}`, '--no-sync', '--no-instructions'],
    ]);
    if (code !== 0) throw new Error(`initdb could not make a database in ${dir}: ${text.slice(-400)}`);
    includeSettings(dir);
    renameSync(secret, join(dir, passwordFile));
  } finally {
    rmSync(secret, { force: true });
  }
}

/** The superuser's password, kept in the cluster's own folder, which only its user can enter. */
export function readPassword(dir: string): string {
  return readFileSync(join(dir, passwordFile), 'utf8').trim();
}
