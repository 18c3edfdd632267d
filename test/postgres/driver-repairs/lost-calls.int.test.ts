import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asProblem } from '@/lib/http/as-problem';
import { isLate, isStoreAway } from '@/lib/kernel/store-away';
import { connect } from '@/lib/postgres/connection';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';

describe('with a database of its own behind a proxy', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let sql: Sql;

  beforeEach(async () => {
    database = await testDatabase({ migrated: false });
    await database.sql`create table t (n integer)`;
    proxy = await startTcpProxy({ port: Number(new URL(database.url).port) });
    const url = new URL(database.url);
    url.port = String(proxy.port);
    sql = connect(url.href, { name: 'lost', max: 1, silenceMs: null });
  });
  afterEach(async () => {
    await sql.end({ timeout: 0 });
    await proxy.close();
    await database.close();
  });

  const cut = async () => {
    proxy.reset();
    await expect.poll(() => proxy.open()).toBe(0);
  };
  /** Until the driver has heard of the cut, and has a connection again. */
  const reconnected = () => expect.poll(() => sql`select 1 as one`.catch(() => null)).toEqual([{ one: 1 }]);

  // What a lost transaction must not do shows as an uncaught exception, which fails the file, or as a row.
  describe('a transaction whose connection is lost', () => {
    const plain = (work: (tx: Tx) => Promise<unknown>) => sql.begin(work);
    const nested = (work: (tx: Tx) => Promise<unknown>) => sql.begin((tx) => tx.savepoint(work));

    test.each([
      ['', plain],
      [' (in a savepoint)', nested],
    ])('while it waits for an answer%s', async (_, begin) => {
      const working = begin(async (tx) => {
        const asked = tx`insert into t select 1 from pg_sleep(5)`;
        setTimeout(() => void cut(), 50);
        await asked;
      });
      await expect(working).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
      await reconnected();
      expect(await sql`select n from t`).toEqual([]);
    });

    test.each([
      ['', plain],
      [' (in a savepoint)', nested],
    ])('between two statements, the second of which is not executed outside of it%s', async (_, begin) => {
      let second: Promise<unknown> = Promise.resolve();
      let isOver = () => {};
      const over = new Promise<void>((resolve) => {
        isOver = resolve;
      });
      const working = begin(async (tx) => {
        await tx`insert into t values (1)`;
        await cut();
        await reconnected();
        second = tx`insert into t values (2)`.finally(isOver);
        await second;
      });
      await expect(working).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
      await over;
      await expect(second).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
      expect(await sql`select n from t`).toEqual([]);
    });

    test('before its commit is not said to be committed', async () => {
      const working = sql.begin(async (tx) => {
        await tx`insert into t values (1)`;
        await cut();
        await reconnected();
      });
      await expect(working).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
      expect(await sql`select n from t`).toEqual([]);
    });

    test('leaves the connection to the next one', async () => {
      for (let round = 0; round < 3; round += 1) {
        const lost = sql.begin(async (tx) => {
          await tx`insert into t values (1)`;
          await cut();
        });
        await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
        await reconnected();
        await sql.begin((tx) => tx.savepoint((inner) => inner`insert into t values (${10 + round})`));
      }
      expect(await sql`select n from t order by n`).toEqual([{ n: 10 }, { n: 11 }, { n: 12 }]);
    });
  });
});

describe('what fails while the database is away', () => {
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

  test('a statement that fails behind its first rows leaves the next one its own rows alone', async () => {
    const sql = open(database.url);
    const fails = () => sql`select 1 / (3 - g) from generate_series(1, 5) g`;
    await expect(fails()).rejects.toMatchObject({ code: '22012' });
    const [row, ...more] = await sql`select 7 as seven`;
    expect([row, more]).toEqual([{ seven: 7 }, []]);
    await expect(fails()).rejects.toMatchObject({ code: '22012' });
    expect(await sql.unsafe('select 1 as n union all select 2')).toEqual([{ n: 1 }, { n: 2 }]);
    await expect(fails()).rejects.toMatchObject({ code: '22012' });
    expect(await sql.begin((tx) => tx`select 7 as seven`)).toEqual([{ seven: 7 }]);
    for (const size of [2, 5]) {
      await expect(fails()).rejects.toMatchObject({ code: '22012' });
      const rows = [];
      for await (const batch of sql`select g from generate_series(1, 3) g`.cursor(size)) rows.push(...batch);
      expect(rows).toEqual([{ g: 1 }, { g: 2 }, { g: 3 }]);
    }
  });
});
