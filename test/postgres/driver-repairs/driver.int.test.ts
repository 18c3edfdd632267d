import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropSettings } from '@/lib/postgres/driver-repairs/change-session';
import { closedQuietly } from '@/lib/postgres/driver-repairs/silent-socket';
import type { Sql } from '@/lib/postgres/sql';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { openBeforeReserve } from '@/test/support/open-before-reserve';

/** The driver whose private members lib/postgres/driver-repairs/ uses. On another, read those places anew first. */
const knownVersion = '3.4.9';

let database: TestDatabase;
const pools: Sql[] = [];
beforeAll(async () => {
  database = await testDatabase({ migrated: false });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end({ timeout: 0 })));
  await database.close();
});

/** The driver as it is, without our repairs. */
function bare(options: object = {}): Sql {
  const pool = postgres(database.url, { max: 1, fetch_types: false, ...options } as postgres.Options<never>);
  pools.push(pool as unknown as Sql);
  return pool as unknown as Sql;
}

interface Where {
  readonly host: readonly string[];
  readonly port: readonly number[];
}

const json = (file: string) => JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));

test('the driver is the one that the repairs were written for, and is pinned', () => {
  expect(json('package.json').dependencies.postgres).toBe(knownVersion);
  expect(json('node_modules/postgres/package.json').version).toBe(knownVersion);
});

test('a query has the members that `cancel-query` takes', async () => {
  const query = bare()`select ${1}::int as one` as unknown as { canceller: unknown };
  expect(query.canceller).toBeTypeOf('function');
  expect(query).toMatchObject({ state: null, active: false, cancelled: null, args: [1] });
  expect(query).toHaveProperty('strings.0', 'select ');
  expect(Object.getPrototypeOf(query).constructor.prototype.cancel.toString()).toContain('this.canceller(this)');
  await query;
});

describe('what `lost-calls` takes', () => {
  interface Inner {
    reserved: unknown;
    execute: unknown;
  }

  test('the begin of a transaction is asked of `unsafe`, with `onexecute`, which is handed the connection', async () => {
    const sql = bare();
    const told: { text: string; connection: Inner | null }[] = [];
    const inner = sql as unknown as {
      unsafe: (...args: [string, unknown[], { onexecute?: (c: Inner) => void }]) => object;
    };
    const { unsafe } = inner;
    inner.unsafe = (text, args, options) => {
      const call: (typeof told)[number] = { text, connection: null };
      told.push(call);
      const onexecute = options.onexecute;
      return unsafe(text, args, {
        ...options,
        onexecute: (connection) => {
          onexecute?.(connection);
          call.connection = connection;
        },
      });
    };
    await sql.begin(async (tx) => {
      await tx`select 1`;
      expect(told).toHaveLength(1);
      expect(told[0]?.text.trim()).toBe('begin');
      expect(told[0]?.connection?.execute).toBeTypeOf('function');
      expect(told[0]?.connection?.reserved).toBeTypeOf('function');
    });
    expect(told[0]?.connection?.reserved).toBeNull();
  });

  test('the statements of one transaction have one handler, those of the pool and of a savepoint another', async () => {
    const sql = bare();
    const handler = (from: unknown) => (from as { handler: unknown }).handler;
    const ofPool = handler(sql`select 1`);
    expect(ofPool).toBeTypeOf('function');
    expect(handler(sql`select 2`)).toBe(ofPool);
    await sql.begin(async (tx) => {
      expect(handler(tx`select 1`)).toBe(handler(tx`select 2`));
      expect(handler(tx`select 1`)).not.toBe(ofPool);
      await tx.savepoint(async (inner) => expect(handler(inner`select 1`)).not.toBe(handler(tx`select 1`)));
    });
  });
});

test('`options` is read anew by each connection and each query, as `change-session` wants it', async () => {
  const sql = bare({ max: 1, connection: { application_name: 'kept', work_mem: '1234kB' } });
  const prepared = () => sql`select count(*)::int as n from pg_prepared_statements`.then(([row]) => row?.n);
  const shown = () => sql.unsafe('select current_setting($1) as v', ['work_mem']).then(([row]) => row?.v);
  expect(await shown()).toBe('1234kB');
  expect(await prepared()).toBe(1);
  dropSettings(sql, ['work_mem']);
  expect(await sql`select 1 as other`).toHaveLength(1);
  expect(await sql`select count(*)::int as m from pg_prepared_statements`).toEqual([{ m: 1 }]);
  await sql`select pg_terminate_backend(pg_backend_pid())`.catch(() => undefined);
  await expect.poll(() => shown().catch(() => null)).toMatch(/kB|MB/);
  expect(await shown()).not.toBe('1234kB');
  expect(await prepared()).toBe(0);
});

test('a connection opened for `reserve` is never handed out unless `open-before-reserve` opens it first', async () => {
  const reserved = (sql: Sql) => sql.reserve().then((connection) => connection.release());
  const late = new Promise((resolve) => setTimeout(resolve, 1000, 'late'));
  expect(await Promise.race([reserved(bare()), late])).toBe('late');
  expect(await reserved(openBeforeReserve(bare()))).toBeUndefined();
});

test('the socket of each connection comes from `socket`, which is told the hosts, as `silent-socket` wants it', async () => {
  const told: { host: unknown; port: unknown }[] = [];
  const open = (where: Where) => {
    told.push({ host: where.host, port: where.port });
    return new Socket().connect(where.port[0] ?? 0, where.host[0] ?? '');
  };
  const { hostname, port } = new URL(database.url);
  expect(await bare({ socket: open })`select 1 as one`).toEqual([{ one: 1 }]);
  expect(told).toEqual([{ host: [hostname], port: [Number(port)] }]);
});

test('a query asked between the error of a connection and its close hangs unless `closed-quietly` holds that back', async () => {
  const asked = async (mend: (socket: Socket) => void, withinMs: number) => {
    let socket = new Socket();
    const open = (where: Where) => {
      socket = new Socket().connect(where.port[0] ?? 0, where.host[0] ?? '');
      mend(socket);
      return socket;
    };
    const sql = bare({ socket: open });
    await sql`select 1`;
    const broken = sql`select pg_sleep(5)`.catch(() => sql`select 2`.then(() => 'answered'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    const told = broken.catch((fault: { code: string }) => fault.code);
    return Promise.race([told, new Promise((late) => setTimeout(late, withinMs, 'hangs'))]);
  };
  expect(await asked(() => {}, 1000)).toBe('hangs');
  // As long as a busy machine needs to connect again.
  expect(await asked(closedQuietly, 20_000)).not.toBe('hangs');
});
