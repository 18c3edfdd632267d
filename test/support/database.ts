import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { migratedTemplate } from './global-postgres';
import { openBeforeReserve } from './open-before-reserve';

export interface TestDatabase {
  /** Superuser's URL of a database that only this test knows. */
  readonly url: string;
  readonly sql: Sql;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

/** A database of one's own: a clone of the migrated template, or an empty one. */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `t_${randomBytes(8).toString('hex')}`;
  const template = options.migrated === false ? 'template0' : migratedTemplate;
  await asAdmin(`create database ${name} template ${template} strategy file_copy`);
  const url = server.replace(/\/postgres$/, `/${name}`);
  const sql = openBeforeReserve(connect(url, { name: 'test', max: 4, silenceMs: null }));
  const close = async () => {
    await sql.end({ timeout: 2 });
    await asAdmin(`drop database if exists ${name} with (force)`);
  };
  return { url, sql, close };
}

/** One connection of this process for all that is made and dropped: opening one costs more than a clone. */
let admin: postgres.Sql | null = null;

async function asAdmin(statement: string): Promise<void> {
  admin ??= postgres(inject('postgresUrl'), { max: 1, idle_timeout: 20, onnotice: () => {} });
  await admin.unsafe(statement);
}
