import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';

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
