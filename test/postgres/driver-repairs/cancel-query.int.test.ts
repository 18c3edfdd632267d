import { describe, expect, it } from 'vitest';
import { within } from '@/lib/kernel/within';
import { connect } from '@/lib/postgres/connection';
import { queryWithin } from '@/lib/postgres/transaction';
import { testDatabase } from '@/test/support/database';
import { startTcpProxy } from '@/test/support/tcp-proxy';

it('a query can be given up where its cancellation is reset, and the process lives on', async () => {
  const database = await testDatabase();
  const network = await startTcpProxy({ port: Number(new URL(database.url).port) });
  const url = new URL(database.url);
  url.host = `127.0.0.1:${network.port}`;
  const sql = connect(url.toString(), { name: 'given up', max: 1, silenceMs: null });
  const lost: unknown[] = [];
  const hear = (error: unknown) => lost.push(error);
  process.on('unhandledRejection', hear);
  try {
    await sql`select 1`;
    network.accept = 'reset';
    await expect(queryWithin(50, sql`select pg_sleep(100)`, 'a long one')).rejects.toThrow('a long one');
    await new Promise((resolve) => setTimeout(resolve, 200));
    network.accept = 'pass';
    // And it does cancel, where the network lets it.
    await sql.end({ timeout: 0 });
    const other = connect(url.toString(), { name: 'given up again', max: 1, silenceMs: null });
    // What has not begun yet cannot be cancelled: it has a second to begin, on a connection that is open.
    await other`select 1`;
    await expect(queryWithin(1000, other`select pg_sleep(100)`, 'another')).rejects.toThrow('another');
    expect(await other`select 1 as n`).toMatchObject([{ n: 1 }]);
    await other.end({ timeout: 0 });
    expect(lost.map(String)).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
    await sql.end({ timeout: 0 });
    await network.close();
    await database.close();
  }
});

it('a connection can be given up at any moment of its beginning, and the process lives on', async () => {
  const database = await testDatabase();
  const network = await startTcpProxy({ port: Number(new URL(database.url).port) });
  const url = new URL(database.url);
  url.host = `127.0.0.1:${network.port}`;
  const lost: unknown[] = [];
  const hear = (error: unknown) => lost.push(error);
  process.on('unhandledRejection', hear);
  try {
    for (let delay = 0; delay < 200; delay += 10) {
      network.toClient.delayMs = 15;
      const sql = connect(url.toString(), { name: 'given up', max: 1, silenceMs: null });
      const asked = sql`select 1`.then(
        () => 'answered',
        () => 'lost',
      );
      await new Promise((resolve) => setTimeout(resolve, delay));
      await sql.end({ timeout: 0 });
      await asked;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lost.map(String)).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
    await network.close();
    await database.close();
  }
});

describe('a question that is given up', () => {
  const connected = async (max: number) => {
    const database = await testDatabase({ migrated: false });
    const network = await startTcpProxy({ port: Number(new URL(database.url).port) });
    const url = new URL(database.url);
    url.host = `127.0.0.1:${network.port}`;
    const sql = connect(url.toString(), { name: 'given up', max, silenceMs: null });
    const close = async () => {
      await sql.end({ timeout: 0 });
      await network.close();
      await database.close();
    };
    return { sql, network, close };
  };
  const answered = (asked: PromiseLike<unknown>) => within(5000, asked);

  it('while its connection begins leaves that connection to the next', async () => {
    const { sql, network, close } = await connected(2);
    try {
      network.toClient.delayMs = 100;
      const late = [1, 2, 3].map((n) => queryWithin(40, sql`select ${n}::int as n`, 'a question'));
      for (const each of await Promise.allSettled(late)) expect(each.status).toBe('rejected');
      network.toClient.delayMs = 0;
      const next = ['a', 'b', 'c'].map((word) => answered(sql`select ${word}::text as word`));
      expect(await Promise.all(next)).toMatchObject([[{ word: 'a' }], [{ word: 'b' }], [{ word: 'c' }]]);
    } finally {
      await close();
    }
  });

  it('behind another on its connection leaves each its own answer', async () => {
    const { sql, close } = await connected(1);
    try {
      await sql`select 1`;
      const first = sql`select 'first' as word, pg_sleep(1.5)`;
      const told = answered(first);
      const late = queryWithin(40, sql`select 'late' as word`, 'a question');
      const behind = ['a', 'b'].map((word) => answered(sql`select ${word}::text as word`));
      await expect(late).rejects.toThrow('a question');
      expect(await told).toMatchObject([{ word: 'first' }]);
      expect(await Promise.all(behind)).toMatchObject([[{ word: 'a' }], [{ word: 'b' }]]);
      expect(await answered(sql`select 'last' as word`)).toMatchObject([{ word: 'last' }]);
    } finally {
      await close();
    }
  });
});
