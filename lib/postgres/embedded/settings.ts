import { appendFileSync, chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ids } from './run-as';

export type Settings = Readonly<Record<string, string | number>>;

const always: Settings = {
  listen_addresses: '127.0.0.1',
  // The path of a Unix socket may be too long under a deep folder, and TCP is all we use.
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: 100,
  // A forgotten `begin` in psql must not hold a row for ever.
  idle_in_transaction_session_timeout: '60s',
};

const file = 'sluice.conf';

/** Once, after initdb: our settings live in a file of their own, which each start writes anew. */
export function includeSettings(dir: string): void {
  appendFileSync(join(dir, 'postgresql.conf'), `\ninclude_if_exists = '${file}'\n`);
}

export function writeSettings(dir: string, port: number, settings: Settings, ids: Ids): void {
  const lines = Object.entries({ ...always, ...settings, port }).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
  );
  const path = join(dir, file);
  writeFileSync(path, lines.join(''));
  chmodSync(path, 0o600);
  give(path, ids);
}

/** Hands a file over to the user Postgres runs as. */
export function give(path: string, ids: Ids): void {
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(path, ids.uid, ids.gid);
}
