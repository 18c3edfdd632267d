import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestFinder } from '@/lib/gateway/reported/request-finder';
import { compact } from '@/lib/log/upkeep/maintenance';
import { connect } from '@/lib/postgres/connection';
import { binEnd, binOf } from '@/lib/rule/buckets/bucket';
import { bucketRows, countedRequests, countIn } from '@/test/support/bucket-rows';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { bucketEndMs } from '../../support/histories';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
});

const requests = () => countedRequests(db.sql);
const widths = ['10 seconds', '1 minute', '15 minutes'] as const;

describe('a bucket', () => {
  test('has the bins of lib/rule/buckets/bucket.ts, to the last digit', async () => {
    const latencies = [0, 0.004, 0.29, 0.999, 1, 1.15, 9.995, 9.999999, 10, 57.3, 99.99, 100, 101, 999, 999.9, 1000];
    latencies.push(7999.999, 8000, 8005, 8010, 12_345.678, 99_999, 100_000, 3_599_999, 3_600_000);
    for (let i = 0; i < 2000; i += 1) latencies.push(10 ** ((i / 2000) * 6.5));
    const [row] = await db.sql<{ bins: number[] }[]>`
      select json_agg(sluice.bin_of(v::float8) order by n) as bins
      from json_array_elements_text(${JSON.stringify(latencies)}::text::json) with ordinality t (v, n)`;
    expect(row?.bins).toEqual(latencies.map(binOf));
  });

  test.each([0, 0.001, 1, 4999, 9999, 9999.999, 10_000, 10_000.001])('is closed on the right: %d ms', async (ms) => {
    const base = Date.UTC(2026, 5, 1);
    const [row] = await db.sql<{ at: Date }[]>`
      select sluice.span_end(to_timestamp(${base / 1000}) + ${ms}::float8 * interval '1 ms', '10 seconds') as at`;
    expect(row?.at.getTime()).toBe(bucketEndMs(base + ms));
  });

  test('counts first attempts only, refusals as requests and not as failures', async () => {
    await db.sql`insert into analytics_logs (event_type, event_data) values
      ('gen_route', '{"provider":"runware","attempt":1,"latency_ms":8000,"cost_per_image":0.002,"cost_basis":"billed"}'),
      ('gen_route', '{"provider":"runware","latency_ms":120.5}'),
      ('gen_route', '{"provider":"runware","attempt":null,"error":"circuit open","error_kind":"circuit_open"}'),
      ('gen_route', '{"provider":"runware","attempt":1,"refused":true,"latency_ms":90}'),
      ('gen_route', '{"provider":"runware","attempt":2,"error":"late","latency_ms":1}'),
      ('gen_failed', '{"provider":"runware"}'), ('page_view', '{"provider":"runware"}')`;
    const rows = await bucketRows(db.sql);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      provider: 'runware',
      requests: 4,
      failures: 1,
      refused: 1,
      bins: { 8000: 1, 120: 1, 90: 1 },
      kinds: { circuit_open: 1 },
      bases: { billed: 1 },
      priced: 1,
      cost_nano: 2_000_000,
      generated: 0,
      vouchers: 0,
    });
  });

  test('finds the provider of a voucher’s request by the index, whatever the log holds', async () => {
    await db.sql`
      insert into analytics_logs (event_type, event_data, created_at)
      select 'gen_ok', jsonb_build_object('request_id', 'r' || i, 'provider', 'fal'), now() - i * interval '10 seconds'
      from generate_series(1, 20000) i`;
    await db.sql`analyze analytics_logs`;
    const read = await db.sql.begin(async (sql) => {
      await sql`insert into analytics_logs (event_type, event_data)
        values ('voucher_issued', '{"reason":"regenerate","request_id":"r15000"}')`;
      expect((await requestFinder(sql as never).find(['r15001'], null)).get('r15001')?.provider).toBe('fal');
      const [row] = await sql<{ rows: number; vouchers: number }[]>`
        select (select sum(t.seq_tup_read + t.idx_tup_fetch)::int from pg_stat_xact_all_tables t
            where t.relname like 'analytics\\_logs%') as rows,
          (select sum(vouchers)::int from sluice.bucket_deltas where provider = 'fal') as vouchers`;
      return row;
    });
    expect(read?.vouchers).toBe(1);
    // Just after midnight the newest day is so small that reading it whole is the cheaper way.
    expect(read?.rows).toBeLessThan(1000);
  });

  test('gets a voucher by the provider it names, by its request, or nobody does', async () => {
    await db.sql`insert into analytics_logs (event_type, event_data, created_at) values
      ('gen_ok', '{"provider":"fal","request_id":"a"}', now() - interval '3 days')`;
    await db.sql`insert into analytics_logs (event_type, event_data) values
      ('gen_ok', '{"provider":"runware","request_id":"same statement"}'),
      ('voucher_issued', '{"reason":"regenerate","request_id":"same statement"}'),
      ('voucher_issued', '{"reason":"regenerate","provider":"runware","request_id":"a"}'),
      ('voucher_issued', '{"reason":"regenerate","request_id":"a"}'),
      ('voucher_issued', '{"reason":"regenerate","request_id":"unheard of"}'),
      ('voucher_issued', '{"reason":"regenerate"}'),
      ('voucher_issued', '{"reason":"birthday","provider":"fal"}')`;
    const rows = await bucketRows(db.sql);
    const vouchers = (of: string) => rows.reduce((sum, row) => sum + (row.provider === of ? row.vouchers : 0), 0);
    expect(['', 'fal', 'runware'].map(vouchers)).toEqual([2, 1, 2]);
    expect(rows.reduce((sum, row) => sum + row.vouchers, 0)).toBe(5);
  });
});

describe('every way in counts once', () => {
  test('parent, partition, default partition, COPY into each', async () => {
    const row = `('gen_route', '{"provider":"fal"}', now())`;
    const [day] = await db.sql<{ relation: string }[]>`
      select p.relation::text from sluice.partitions() p where now() >= p.low and now() < p.high`;
    await db.sql.unsafe(`insert into analytics_logs (event_type, event_data, created_at) values ${row}`);
    await db.sql.unsafe(`insert into ${day?.relation} (event_type, event_data, created_at) values ${row}`);
    await db.sql.unsafe(`insert into sluice.analytics_logs_default (event_type, event_data, created_at)
      values ('gen_route', '{"provider":"fal"}', now() - interval '1 year')`);
    for (const target of ['analytics_logs', day?.relation]) {
      const into = await db.sql.unsafe(`copy ${target} (event_type, event_data) from stdin`).writable();
      await new Promise<void>((resolve, reject) => {
        into.on('error', reject).on('finish', () => resolve());
        into.end('gen_route\t{"provider":"fal"}\n');
      });
    }
    expect(await requests()).toBe(5);
  });

  test('an aborted insert does not, an upsert and a deleted row do', async () => {
    await db.sql
      .begin(async (tx) => {
        await tx`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal"}')`;
        throw new Error('no');
      })
      .catch(() => {});
    expect(await requests()).toBe(0);
    await db.sql`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal"}') on conflict do nothing`;
    await db.sql`delete from analytics_logs`;
    expect(await requests()).toBe(1);
  });
});

describe('a coarse bin', () => {
  test('is within 0.9 % of every latency in it, stays what it is, and parts at 8000', async () => {
    const latencies = Array.from({ length: 4000 }, (_, i) => 10 ** ((i / 4000) * 6.5));
    latencies.push(7999, 8000, 2990, 2999, 3000, 12_499, 12_500);
    const rows = await db.sql<{ v: number; coarse: number; again: number }[]>`
      select v, sluice.coarse_bin(sluice.bin_of(v)) as coarse, sluice.coarse_bin(sluice.coarse_bin(sluice.bin_of(v))) as again
      from unnest(${latencies}::float8[]) v`;
    for (const { v, coarse, again } of rows) {
      expect(again).toBe(coarse);
      expect(Math.abs((coarse + binEnd(coarse)) / 2 / v - 1)).toBeLessThanOrEqual(0.009);
      for (const edge of [3000, 8000, 12_500]) expect(coarse >= edge).toBe(v >= edge);
    }
  });
});

describe('compaction', () => {
  const old = (n: number) => db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_build_object('provider', 'fal', 'latency_ms', i), now() - interval '1 minute' * (i % 30 + 1)
    from generate_series(1, ${n}::int) i`;

  test('folds into ten seconds, minutes and quarters, and changes nothing that is read', async () => {
    await old(100);
    await old(100);
    const before = await bucketRows(db.sql);
    expect(await compact(db.sql, 7)).toBeGreaterThan(0);
    expect(await bucketRows(db.sql)).toEqual(before);
    await old(50);
    await compact(db.sql);
    for (const width of widths) {
      const rows = await bucketRows(db.sql, { width });
      expect(rows.reduce((sum, row) => sum + row.requests, 0)).toBe(250);
      expect(rows.reduce((sum, row) => sum + countIn(row.bins), 0)).toBe(250);
    }
    const [left] = await db.sql`select count(*) as n from sluice.bucket_deltas`;
    expect(left?.n).toBe(0);
  });

  test('adds up every column of a bucket that is folded again and again', async () => {
    const columns = ['requests', 'failures', 'refused', 'priced', 'generated', 'vouchers'];
    const [once, thrice] = [1, 3].map((n) => ({
      ...Object.fromEntries(columns.map((name) => [name, n])),
      requests: 3 * n,
      bins: { 100: n, 90: n },
      kinds: { timeout: n },
      bases: { billed: n },
      strays: { fal: n },
      cost_nano: n * 2_000_000,
      cost_nano_squared: n * 4_000_000_000_000,
    }));
    for (const expected of [once, null, thrice]) {
      await db.sql`insert into analytics_logs (event_type, event_data, created_at)
        select e.type, e.data::jsonb, '2026-03-01 10:00:05+00' from (values
          ('gen_route', '{"provider":"runware","assigned":"fal","latency_ms":100,"cost_per_image":0.002,"cost_basis":"billed"}'),
          ('gen_route', '{"provider":"runware","error":"x","error_kind":"timeout"}'),
          ('gen_route', '{"provider":"runware","refused":true,"latency_ms":90}'),
          ('gen_ok', '{"provider":"runware"}'),
          ('voucher_issued', '{"reason":"regenerate","provider":"runware"}')) e (type, data)`;
      await compact(db.sql);
      for (const width of widths) {
        const rows = await bucketRows(db.sql, { width });
        expect(rows).toHaveLength(1);
        if (!expected) continue;
        const n = expected.requests / 3;
        expect(rows[0]).toMatchObject({ ...expected, bins: { 100: n, [width === '15 minutes' ? 90.2 : 90]: n } });
      }
    }
  });

  test('leaves what has not settled', async () => {
    await db.sql`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal"}')`;
    expect(await compact(db.sql)).toBe(0);
    expect(await requests()).toBe(1);
  });

  test('a reader sees each event exactly once, whatever is being folded meanwhile', async () => {
    const wrong: unknown[] = [];
    let isOver = false;
    await old(500);
    const reader = (async () => {
      let least = 0;
      while (!isOver) {
        const n = await requests();
        if (n % 500 !== 0 || n < least) wrong.push([least, n]);
        least = n;
      }
    })();
    for (let round = 0; round < 15; round += 1) {
      await old(500);
      await Promise.all([compact(db.sql, 3), compact(db.sql, 5)]);
    }
    isOver = true;
    await reader;
    expect(wrong).toEqual([]);
    expect(await requests()).toBe(16 * 500);
  });
});

describe('writers', () => {
  test('are not blocked by a forgotten transaction, nor is compaction', async () => {
    const forgotten = await db.sql.reserve();
    await forgotten`begin`;
    await forgotten`insert into analytics_logs (event_type, event_data, created_at) values ('gen_route', '{"provider":"fal"}', now() - interval '1 minute')`;
    await db.sql.begin(async (tx) => {
      await tx`set local lock_timeout = '200ms'`;
      await tx`insert into analytics_logs (event_type, event_data, created_at) values ('gen_route', '{"provider":"fal"}', now() - interval '1 minute')`;
    });
    await db.sql.begin(async (tx) => {
      await tx`set local lock_timeout = '200ms'`;
      await tx`select sluice.compact()`;
    });
    expect(await requests()).toBe(1);
    await forgotten`commit`;
    forgotten.release();
    expect(await requests()).toBe(2);
    await compact(db.sql);
    expect(await requests()).toBe(2);
  });

  test('need no rights on our schema: insert on the table and its sequence is enough', async () => {
    await db.sql.begin(async (tx) => {
      await tx.unsafe(`create role shop; grant insert on analytics_logs to shop;
        grant usage on sequence analytics_logs_id_seq to shop;
        create policy shop_writes on analytics_logs for insert to shop with check (true); set local role shop`);
      await tx`insert into analytics_logs (event_type, event_data) values
        ('gen_route', '{"provider":"fal","latency_ms":1}'), ('gen_route', '{"provider":"runwear","latency_ms":"NaN"}'),
        ('voucher_issued', '{"reason":"regenerate","request_id":"x"}')`;
      await tx`insert into analytics_logs (event_type, event_data, created_at) values ('gen_route', '{"provider":"fal"}', 'infinity')`;
      await tx`reset role`;
      await tx`drop policy shop_writes on analytics_logs`;
      await tx`drop owned by shop`;
      await tx`drop role shop`;
    });
    expect(await requests()).toBe(3);
  });

  test('eight at once, in opposite orders, neither deadlock nor lose anything', async () => {
    const sql = connect(db.url, { name: 'eight writers', max: 8, silenceMs: null });
    const write = (tx: typeof db.sql, provider: string) => tx`
      insert into analytics_logs (event_type, event_data, created_at)
      select 'gen_route', jsonb_build_object('provider', ${provider}::text, 'latency_ms', i), now() - interval '20 seconds'
      from generate_series(1, 100) i`;
    const writer = async (turn: number) => {
      for (let i = 0; i < 5; i += 1) {
        await sql.begin(async (tx) => {
          const order = turn % 2 === 0 ? ['fal', 'runware'] : ['runware', 'fal'];
          for (const provider of order) await write(tx as unknown as typeof db.sql, provider);
        });
        await compact(sql, 10);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, turn) => writer(turn)));
    await sql.end();
    expect(await requests()).toBe(8 * 5 * 200);
  });
});
