import { afterAll, beforeAll, expect } from 'vitest';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { type TestDatabase, testDatabase } from '../support/database';
import { fault } from './fault';

let database: TestDatabase;

/** As adopted: a table that was there, with rows, which the upkeep has given its indexes. */
beforeAll(async () => {
  database = await testDatabase({ migrated: false });
  await database.sql.unsafe(`
    create table analytics_logs (id bigserial primary key, event_type text, event_data jsonb, created_at timestamptz default now());
    insert into analytics_logs (event_type, event_data) values ('shop', '{}')`);
  await migrate(database.url);
  await maintainEvents(database.sql);
});
afterAll(() => database.close());

const indexesOf = async (table: string) => {
  const rows = await database.sql<{ name: string }[]>`
    select c.relname || case when i.indisvalid then '' else ' invalid' end as name
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = ${table}::regclass order by 1`;
  return rows.map(({ name }) => name);
};

const row = { what: '`analytics_logs` renamed for seconds, swapped', expected: 'no index of others is dropped' };

fault('F36', { ...row, injected: 'alter table … rename, three rounds of upkeep, renamed back' }, async (saw) => {
  const before = await indexesOf('analytics_logs');
  expect(before).toContain('analytics_logs_created_at_event_type');
  await database.sql`alter table analytics_logs rename to analytics_logs_away`;
  for (let round = 0; round < 3; round += 1) await maintainEvents(database.sql).catch(() => undefined);
  expect(await indexesOf('analytics_logs_away')).toEqual(before);
  await database.sql`alter table analytics_logs_away rename to analytics_logs`;
  await maintainEvents(database.sql);
  expect(await indexesOf('analytics_logs')).toEqual(before);
  saw(`${before.length} indexes before and after`);
});

fault('F36', { ...row, injected: 'a copy takes its place; then a build that was interrupted' }, async (saw) => {
  const { sql } = database;
  const before = await indexesOf('analytics_logs');
  await sql.unsafe(`
    alter table analytics_logs rename to analytics_logs_old;
    create table analytics_logs (like analytics_logs_old including defaults)`);
  const first = await maintainEvents(sql);
  expect(first.indexesBuilt).toHaveLength(3);
  expect(await indexesOf('analytics_logs_old')).toEqual(before);
  const [name = ''] = first.indexesBuilt;
  await sql`update pg_index set indisvalid = false where indexrelid = ${`public.${name}`}::regclass`;
  expect((await maintainEvents(sql)).indexesBuilt).toEqual([name]);
  expect(await indexesOf('analytics_logs')).toEqual(first.indexesBuilt.toSorted());
  expect(await indexesOf('analytics_logs_old')).toEqual(before);
  saw('the new table has its own three; what was broken was built again; the old table kept its own');
});
