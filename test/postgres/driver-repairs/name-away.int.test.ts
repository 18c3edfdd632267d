import { afterAll, beforeAll, expect, test } from 'vitest';
import { asProblem } from '@/lib/http/as-problem';
import { isLate, isStoreAway } from '@/lib/kernel/store-away';
import { connect } from '@/lib/postgres/connection';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
const pools: Sql[] = [];
const open = (url: string) => {
  const pool = connect(url, { name: 'away', max: 1, connectTimeoutSeconds: 2 });
  pools.push(pool);
  return pool;
};
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end({ timeout: 0 })));
  await database.close();
});

const nowhere = 'postgres://postgres@127.0.0.1:1/postgres';
const end = (sql: Sql | Tx) => sql`select pg_terminate_backend(pg_backend_pid())`;
async function batches(sql: Sql) {
  for await (const _ of sql`select pg_terminate_backend(pg_backend_pid()) from generate_series(1, 9)`.cursor(1));
}

test.each<[string, string | null, (sql: Sql) => Promise<unknown>, string]>([
  ['a query', nowhere, (sql) => sql`select 1`, 'ECONNREFUSED'],
  ['text as it is', nowhere, (sql) => sql.unsafe('select 1'), 'ECONNREFUSED'],
  ['a transaction', nowhere, (sql) => sql.begin((tx) => tx`select 1`), 'ECONNREFUSED'],
  ['a query whose session is ended', null, end, 'CONNECTION_CLOSED'],
  ['a transaction whose session is ended', null, (sql) => sql.begin((tx) => end(tx)), 'CONNECTION_CLOSED'],
  ['rows by and by', null, batches, 'CONNECTION_CLOSED'],
])('%s fails with StoreAway, in the words of the driver and with its error', async (_what, url, ask, code) => {
  const failed = (await ask(open(url ?? database.url)).catch((error: unknown) => error)) as Error;
  expect(failed).toMatchObject({ name: 'StoreAway', code, message: (failed.cause as Error).message });
  expect(failed.cause).toMatchObject({ code });
  expect([isStoreAway(failed), isLate(failed), asProblem(failed)?.code]).toEqual([true, false, 'store-unavailable']);
});

test('an answer that comes too late is one as well', async () => {
  const failed = await queryWithin(50, open(database.url)`select pg_sleep(5)`, 'a nap').catch(
    (error: unknown) => error,
  );
  expect([isStoreAway(failed), isLate(failed), asProblem(failed)?.code]).toEqual([true, true, 'store-unavailable']);
});

test('what the database refuses, and what another network refused, stays what it is', async () => {
  const sql = open(database.url);
  await expect(sql`select 1 / 0`).rejects.toMatchObject({ name: 'PostgresError', code: '22012' });
  const elsewhere = new Error('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
  const failed = await sql.begin(() => Promise.reject(elsewhere)).catch((error: unknown) => error);
  expect(failed).toBe(elsewhere);
  expect(asProblem(failed)).toBeNull();
});
