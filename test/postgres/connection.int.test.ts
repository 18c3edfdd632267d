import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isLate } from '@/lib/kernel/store-away';
import { connect } from '@/lib/postgres/connection';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';

let database: TestDatabase;
let proxy: TcpProxy;
let sql: Sql;

beforeEach(async () => {
  database = await testDatabase();
  proxy = await startTcpProxy({ port: Number(new URL(database.url).port) });
  sql = connect(through(), { name: 'here', max: 1, silenceMs: 600 });
});
afterEach(async () => {
  await sql.end({ timeout: 0 });
  await proxy.close();
  await database.close();
});

function through(): string {
  const url = new URL(database.url);
  url.port = String(proxy.port);
  return url.href;
}

test('reads bigint and numeric as numbers, refuses what a number cannot hold, and says who it is', async () => {
  const [row] = await sql`select 9007199254740991::bigint as big, 0.04::numeric as cost, now() as at,
    current_setting('application_name') as name`;
  expect(row).toEqual({ big: 9007199254740991, cost: 0.04, at: expect.any(Date), name: 'sluice here' });
  await expect(sql`select 9007199254740993::bigint as big`).rejects.toThrow('does not fit a JavaScript number exactly');
});

describe('a Postgres that accepts and answers nothing', () => {
  test('is given up at the caller’s deadline, and its connection is dropped', async () => {
    // Silent for much longer than the deadline: on a busy machine one that is hardly longer is over as soon.
    const patient = connect(through(), { name: 'patient', max: 1, silenceMs: 3000 });
    await patient`select 1`;
    proxy.freezeOpen();
    const asking = queryWithin(100, patient`select 2 as two`, 'two');
    await expect(asking).rejects.toThrow('the database did not answer within 100 ms (two)');
    await expect(asking).rejects.toSatisfy(isLate);
    await expect.poll(() => proxy.open(), { timeout: 20_000 }).toBe(0);
    expect(await patient`select 3 as three`).toEqual([{ three: 3 }]);
    await patient.end({ timeout: 0 });
  });

  test('fails what nobody set a deadline for, and serves what is asked in the same breath', async () => {
    await sql`select 1`;
    proxy.freezeOpen();
    const next = sql`select 2`.then(
      () => 'answered',
      () =>
        queryWithin(
          5000,
          sql`select 3 as three`.catch((error: { code: string }) => error.code),
          'three',
        ),
    );
    expect([[{ three: 3 }], 'CONNECTION_CLOSED']).toContainEqual(await next);
    expect(await sql`select 4 as four`).toEqual([{ four: 4 }]);
  });
});

test('a connection that is reset mixes up no answers', async () => {
  for (let round = 0; round < 5; round += 1) {
    await sql`select 1`;
    const broken = sql`select 2 as two from pg_sleep(5)`.then(
      () => 'answered',
      () =>
        queryWithin(
          5000,
          sql`select 3 as three`.catch((error: { code: string }) => error.code),
          'three',
        ),
    );
    await expect
      .poll(() =>
        database.sql`select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(5)%'
      and state = 'active' and pid <> pg_backend_pid()`.then((rows) => rows.length),
      )
      .toBeGreaterThan(0);
    proxy.reset();
    expect([[{ three: 3 }], 'CONNECTION_CLOSED']).toContainEqual(await broken);
    expect(await sql`select 4 as four`).toEqual([{ four: 4 }]);
    // In this database alone: other files ask the same server.
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like '%pg_sleep(5)%' and pid <> pg_backend_pid()`;
  }
});

describe('a transaction whose connection is lost', () => {
  const ways: [string, (pid: number) => unknown][] = [
    ['reset', () => proxy.reset()],
    ['silent', () => proxy.freezeOpen()],
    ['ended by the server', (pid) => database.sql`select pg_terminate_backend(${pid}::int)`.execute()],
  ];
  const broken = async (how: (pid: number) => unknown, work: (tx: Tx, lost: Promise<unknown>) => Promise<unknown>) => {
    const begun = sql.begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      return work(
        tx,
        wait(50).then(() => how(row?.pid ?? 0)),
      );
    });
    await expect(begun).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    for (let n = 0; n < 3; n += 1) expect(await sql.begin((tx) => tx`select 4 as four`)).toEqual([{ four: 4 }]);
  };

  test.each(ways)('(%s) fails, ends no process, and leaves a pool that works', async (_, how) => {
    await broken(how, (tx) => tx`select pg_sleep(5)`);
    await broken(how, (tx) => tx.savepoint((inner) => inner`select pg_sleep(5)`));
    await broken(how, (tx) => Promise.all([tx`select pg_sleep(5)`, tx`select 1`]));
  });

  test.each(ways)('(%s) fails although the work itself did not', async (_, how) => {
    await broken(how, (_tx, lost) => lost.then(() => wait(250)));
  });
});

test('a query that is only slow keeps its connection when it is let', async () => {
  const patient = connect(through(), { name: 'patient', max: 1, silenceMs: null });
  expect(await patient`select 1 as one from pg_sleep(1.3)`).toEqual([{ one: 1 }]);
  await patient.end();
});

test('prepares nothing behind a transaction pooler', async () => {
  const pooled = connect(`${database.url}?pgbouncer=true`, { name: 'pooled', max: 1 });
  const one = 1;
  await pooled`select ${one}::int as one`;
  await pooled`select ${one}::int as one`;
  expect(await pooled`select name from pg_prepared_statements where from_sql or statement like '%as one%'`).toEqual([]);
  await pooled.end();
});
