import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';

export type Process = 'web' | 'watchdog' | 'cli';

export interface LeastPrivilege {
  /** The owner's, who is no superuser. */
  readonly ownerUrl: string;
  readonly owner: Sql;
  /** Of a login that is in the role of that process and in no other. */
  url(process: Process | 'stranger'): string;
  login(process: Process | 'stranger'): string;
  sql(process: Process | 'stranger'): Sql;
  close(): Promise<void>;
}

/** A database that an ordinary owner migrated, with a login for each process, and one of somebody else's. */
export async function leastPrivilege(server = inject('postgresUrl')): Promise<LeastPrivilege> {
  const id = randomBytes(6).toString('hex');
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  const logins = { web: `web_${id}`, watchdog: `watchdog_${id}`, cli: `cli_${id}`, stranger: `stranger_${id}` };
  const urlOf = (name: string) => {
    const url = new URL(server);
    Object.assign(url, { username: name, password: id, pathname: `/lp_${id}` });
    return url.href;
  };
  const ownerName = `owner_${id}`;
  await admin.unsafe(`create role ${ownerName} login createrole password '${id}'`);
  await admin.unsafe(`create database lp_${id} owner ${ownerName} template template0`);
  await migrate(urlOf(ownerName));
  await admin.unsafe(`create role ${logins.stranger} login password '${id}'`);
  for (const process of ['web', 'watchdog', 'cli'] as const) {
    await admin.unsafe(`create role ${logins[process]} login password '${id}' in role sluice_${process}`);
  }
  const opened = new Map<string, Sql>();
  const open = (name: string) => {
    const sql = opened.get(name) ?? connect(urlOf(name), { name: 'test', max: 2 });
    opened.set(name, sql);
    return sql;
  };
  return {
    ownerUrl: urlOf(ownerName),
    owner: open(ownerName),
    url: (process) => urlOf(logins[process]),
    login: (process) => logins[process],
    sql: (process) => open(logins[process]),
    async close() {
      await Promise.all([...opened.values()].map((sql) => sql.end({ timeout: 1 })));
      await admin.unsafe(`drop database if exists lp_${id} with (force)`);
      for (const name of [...Object.values(logins), ownerName]) {
        // What it made for the whole cluster stays, as the migrations of other databases made it.
        await admin.unsafe(`reassign owned by ${name} to current_user`);
        await admin.unsafe(`drop owned by ${name}`);
        await admin.unsafe(`drop role ${name}`);
      }
      await admin.end({ timeout: 1 });
    },
  };
}
