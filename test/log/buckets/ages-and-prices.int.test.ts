import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { compact } from '@/lib/log/upkeep/maintenance';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
});

/** The end of the bucket that everything here lies in. */
const atMs = Date.UTC(2026, 2, 1, 10, 0, 10);
const read = () => metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').buckets(atMs - 3_600_000, atMs + 3_600_000);
const log = (type: string, data: object, secondsBefore = 5) => db.sql`
  insert into analytics_logs (event_type, event_data, created_at)
  values (${type}, ${JSON.stringify(data)}::text::jsonb, to_timestamp(${atMs / 1000 - secondsBefore}::float8))`;
const route = (data: object) => log('gen_route', { provider: 'fal', latency_ms: 100, ...data });
const voucher = (data: object, secondsBefore = 5) =>
  log('voucher_issued', { reason: 'regenerate', ...data }, secondsBefore);

describe('ages of a bucket', () => {
  test('say how old each generation was when its voucher came, whoever is named', async () => {
    await log('gen_ok', { provider: 'fal', request_id: 'a' }, 5 + 1234.5);
    await log('gen_ok', { provider: 'fal', request_id: 'b' }, 5 + 60);
    await voucher({ request_id: 'a' });
    await voucher({ request_id: 'b', provider: 'fal' });
    await voucher({ request_id: 'never made', provider: 'fal' });
    await voucher({ provider: 'fal' });
    const bucket = (await read()).find((each) => each.atMs === atMs && each.provider === 'fal');
    expect(bucket).toMatchObject({ vouchers: 4 });
    expect(bucket?.ages).toEqual([
      [60, 1],
      [1230, 1],
    ]);
  });

  test('are never under zero and never over a day', async () => {
    await log('gen_ok', { provider: 'fal', request_id: 'later' }, -60);
    await log('gen_ok', { provider: 'fal', request_id: 'long ago' }, 9 * 86_400);
    await voucher({ request_id: 'later' });
    await voucher({ request_id: 'long ago' });
    const bucket = (await read()).find((each) => each.atMs === atMs && each.provider === 'fal');
    expect(bucket?.ages).toEqual([
      [0, 1],
      [86_400, 1],
    ]);
  });
});

describe('prices of a bucket', () => {
  test('add up by key; rows without a key are the rest of the sums', async () => {
    await route({ cost_per_image: 0.003, price_key: 'small' });
    await route({ cost_per_image: 0.004, price_key: 'small' });
    await route({ cost_per_image: 0.05, price_key: 'large' });
    await route({ cost_per_image: 0.01 });
    await route({ price_key: 'not priced' });
    await route({ cost_per_image: 7, price_key: 'small', attempt: 2 });
    const [bucket] = await read();
    expect(bucket).toMatchObject({ requests: 5, priced: 4, costNano: 67_000_000 });
    expect(bucket?.prices).toEqual([
      { key: 'large', priced: 1, costNano: 50_000_000, costNanoSquared: 2.5e15 },
      { key: 'small', priced: 2, costNano: 7_000_000, costNanoSquared: 2.5e13 },
    ]);
  });

  test('are of 32 keys at most, however they come; the others count for no key', async () => {
    const many = (from: number, rows: number) => db.sql`
      insert into analytics_logs (event_type, event_data, created_at)
      select 'gen_route', jsonb_build_object('provider', 'fal', 'cost_per_image', 0.001, 'price_key', 'k' || k),
        to_timestamp(${atMs / 1000 - 5}::float8)
      from generate_series(${from}::int, ${from}::int + 39) k cross join generate_series(1, ${rows}::int)`;
    await many(0, 1);
    await many(100, 2);
    const [before] = await read();
    expect(before?.prices).toHaveLength(32);
    expect(before?.prices.every(({ priced }) => priced === 2)).toBe(true);
    expect(before).toMatchObject({ priced: 120, costNano: 120_000_000 });
    await compact(db.sql);
    expect(await read()).toEqual([before]);
  });

  test('are of the 32 most frequent keys where each row has its own, and nothing is lost', async () => {
    await db.sql`
      insert into analytics_logs (event_type, event_data, created_at)
      select 'gen_route', jsonb_build_object('provider', 'fal', 'cost_per_image', 0.001,
          'price_key', case when i % 10 = 0 then 'usual' else 'k' || i end),
        to_timestamp(${atMs / 1000}::float8) - i * interval '3 seconds' from generate_series(1, 600) i`;
    const buckets = await read();
    expect(new Set(buckets.flatMap(({ prices }) => prices.map(({ key }) => key))).size).toBe(32);
    expect(buckets.reduce((sum, { priced }) => sum + priced, 0)).toBe(600);
    const usual = buckets.flatMap(({ prices }) => prices).filter(({ key }) => key === 'usual');
    expect(usual.reduce((sum, { priced }) => sum + priced, 0)).toBe(60);
    const prices = await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').pricesOf(
      'fal',
      atMs - 3_600_000,
      atMs + 3_600_000,
    );
    expect(prices).toHaveLength(33);
    expect(prices.reduce((sum, { costNano }) => sum + costNano, 0)).toBe(600_000_000);
    expect(prices.find(({ key }) => key === 'usual')).toMatchObject({ priced: 60 });
  });

  test.each([
    ['ten kilobytes', 'x'.repeat(10_000)],
    ['129 characters', 'x'.repeat(129)],
    ['a control character', 'a\u0001b'],
    ['a line break', 'a\nb'],
    ['nothing', ''],
    ['a number', 12],
    ['an object', { a: 1 }],
    ['null', null],
  ])('a key that is %s is none', async (_, price_key) => {
    await route({ cost_per_image: 0.003, price_key });
    const [bucket] = await read();
    expect(bucket).toMatchObject({ requests: 1, priced: 1, costNano: 3_000_000, prices: [] });
  });

  test.each([['可灵 1080p'], ['__proto__'], ['x'.repeat(128)], ['😀'.repeat(128)], ["'; drop table x;--"]])(
    'a key may be %s',
    async (price_key) => {
      await route({ cost_per_image: 0.003, price_key });
      const [bucket] = await read();
      expect(bucket?.prices).toEqual([{ key: price_key, priced: 1, costNano: 3_000_000, costNanoSquared: 9e12 }]);
    },
  );
});

describe('a row that no draw decided', () => {
  test('is in no sample, neither provider’s', async () => {
    await route({ cost_per_image: 0.003, price_key: 'small', pinned: true, error: 'no', error_kind: 'timeout' });
    await route({ provider: 'runware', pinned: true });
    expect(await read()).toEqual([]);
    await route({ pinned: false });
    await route({ pinned: 'true' });
    expect(await read()).toMatchObject([{ requests: 2, failures: 0 }]);
    const { below, atOrAbove } = await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').neighbours(
      'fal',
      atMs - 60_000,
      atMs,
      100,
    );
    expect([below, atOrAbove]).toEqual([null, 100]);
    await log('gen_route', { provider: 'fal', latency_ms: 90, pinned: true });
    expect(await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').neighbours('fal', atMs - 60_000, atMs, 100)).toEqual({
      below,
      atOrAbove,
    });
  });
});

describe('folding', () => {
  test('keeps both in each of the three tables, and reads the same before and after', async () => {
    for (const round of [1, 2, 3]) {
      await log('gen_ok', { provider: 'fal', request_id: `r${round}` }, 5 + 60);
      await voucher({ request_id: `r${round}` });
      await route({ cost_per_image: 0.003, price_key: 'small' });
      await route({ cost_per_image: 0.05, price_key: `only ${round}` });
      const before = await read();
      await compact(db.sql);
      expect(await read()).toEqual(before);
    }
    for (const table of ['buckets', 'minutes', 'quarters']) {
      const [row] = await db.sql.unsafe(`
        select coalesce(sluice.add_counts(array_agg(t.ages) filter (where t.ages is not null)), '{}') as ages,
          sluice.add_prices(array_agg(t.prices) filter (where t.prices is not null)) as prices from sluice.${table} t`);
      const once = [1, 50_000_000, 2.5e15];
      expect(row).toEqual({
        ages: { 60: 3 },
        prices: { small: [3, 9_000_000, 2.7e13], 'only 1': once, 'only 2': once, 'only 3': once },
      });
    }
    expect(await db.sql`select from sluice.bucket_deltas`).toHaveLength(0);
  });

  test('rows of an older log, which know of neither, are read as having none', async () => {
    await route({ cost_per_image: 0.003 });
    await compact(db.sql);
    await db.sql`update sluice.buckets set ages = null, prices = null`;
    await route({ cost_per_image: 0.003, price_key: 'small' });
    const expected = [
      { priced: 2, ages: [], prices: [{ key: 'small', priced: 1, costNano: 3_000_000, costNanoSquared: 9e12 }] },
    ];
    expect(await read()).toMatchObject(expected);
    await compact(db.sql);
    expect(await read()).toMatchObject(expected);
  });
});
