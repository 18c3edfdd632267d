import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stepFor } from '@/lib/charts/chart-steps';
import { costBases, failureExamples, failureKinds } from '@/lib/charts/metrics-details';
import { chart } from '@/lib/charts/metrics-series';
import { newSplit } from '@/lib/control/splits/new-split';
import { BucketReader } from '@/lib/log/buckets/bucket-reader';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { sideOfLine, straddledP95 } from '@/lib/rule/gauges/gauge-share';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
const empty = () =>
  db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
beforeEach(empty);

/** Ten o'clock of a day long past. */
const start = Date.UTC(2026, 2, 1, 10);
const limitMs = 8000;

interface Row {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

const provider = fc.constantFrom('fal', 'runware');
const latency = fc.oneof(
  fc.integer({ min: 7990, max: 8010 }),
  fc.double({ min: 0, max: 60_000, noNaN: true }),
  fc.constantFrom(null, undefined, 'NaN', '12', -1, 8000, 7999.999),
);
const cost = fc.oneof(fc.double({ min: 0, max: 0.1, noNaN: true }), fc.constantFrom(null, undefined, 'NaN', -1, 0.003));
const route = fc
  .record({
    provider,
    latency_ms: latency,
    cost_per_image: cost,
    attempt: fc.constantFrom(1, 1, 1, 2, null, undefined),
    fate: fc.constantFrom('ok', 'ok', 'error', 'refused'),
  })
  .map(({ fate, ...data }) => ({
    type: 'gen_route',
    data: { ...data, ...(fate === 'error' ? { error: 'x' } : {}), ...(fate === 'refused' ? { refused: true } : {}) },
  }));
const image = fc.record({
  type: fc.constant('gen_ok'),
  data: fc.record({ provider, request_id: fc.integer({ max: 9, min: 0 }).map(String) }),
});
const voucher = fc.record({
  type: fc.constant('voucher_issued'),
  data: fc.record({
    reason: fc.constantFrom('regenerate', 'regenerate', 'birthday'),
    provider: fc.option(provider, { nil: undefined }),
    request_id: fc.option(fc.integer({ max: 9, min: 0 }).map(String), { nil: undefined }),
  }),
});
/** In any order, some exactly on the grid. */
const instant = fc.oneof(
  fc.integer({ min: 0, max: 900_000 }),
  fc.integer({ min: 0, max: 90 }).map((n) => n * 10_000),
);
const rows: fc.Arbitrary<Row[]> = fc.array(
  fc.tuple(fc.oneof({ weight: 6, arbitrary: route }, image, voucher), instant).map(([event, offset]) => ({
    ...event,
    atMs: start + offset,
  })),
  { minLength: 1, maxLength: 120 },
);

const insert = (events: readonly Row[]) => db.sql`
  insert into analytics_logs (event_type, event_data, created_at)
  select e.type, e.data, to_timestamp(e."atMs"::float8 / 1000)
  from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb) e (type text, data jsonb, "atMs" float8)`;

/** The plan's statements, on first attempts in (t − w, t]. */
async function plan(of: string, toMs: number, windowMs: number) {
  const [row] = await db.sql`
    with w as (
      select a.* from analytics_logs a
      where a.created_at > to_timestamp(${toMs - windowMs}::float8 / 1000) and a.created_at <= to_timestamp(${toMs}::float8 / 1000)
    ), r as (
      select w.event_data from w
      where w.event_type = 'gen_route' and w.event_data->>'provider' = ${of} and coalesce((w.event_data->>'attempt')::int, 1) = 1
    )
    select count(*)::int as n, count(*) filter (where event_data->>'error' is not null)::int as failures,
      percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95,
      (avg((event_data->>'cost_per_image')::numeric) filter (where event_data->>'cost_per_image' is not null))::float8 as cost,
      (select count(*) filter (where event_type = 'voucher_issued' and event_data->>'reason' = 'regenerate')::int from w) as vouchers,
      (select count(*) filter (where event_type = 'gen_ok')::int from w) as generated
    from r`;
  return row as {
    n: number;
    failures: number;
    p95: number | null;
    cost: number | null;
    vouchers: number;
    generated: number;
  };
}

async function isSlow(of: string, inside: readonly Bucket[], fromMs: number, toMs: number): Promise<boolean | null> {
  const bins = inside.flatMap((each) => each.bins);
  const count = bins.reduce((sum, [, n]) => sum + n, 0);
  if (count === 0) return null;
  const slow = bins.reduce((sum, [edge, n]) => sum + (edge >= limitMs ? n : 0), 0);
  const side = sideOfLine(count, slow);
  if (side !== 'straddles') return side === 'over';
  const { below, atOrAbove } = await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').neighbours(of, fromMs, toMs, limitMs);
  return straddledP95(count, { below: below ?? Number.NaN, atOrAbove: atOrAbove ?? Number.NaN }) >= limitMs;
}

async function expectPlan(of: string, toMs: number, windowMs: number): Promise<void> {
  const all = await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').buckets(toMs - windowMs, toMs);
  const mine = all.filter((each) => each.provider === of);
  const sum = (
    buckets: readonly Bucket[],
    key: 'requests' | 'failures' | 'priced' | 'costNano' | 'vouchers' | 'generated',
  ) => buckets.reduce((total, each) => total + each[key], 0);
  const truth = await plan(of, toMs, windowMs);
  expect(sum(mine, 'requests')).toBe(truth.n);
  expect(sum(mine, 'failures')).toBe(truth.failures);
  expect(sum(all, 'vouchers')).toBe(truth.vouchers);
  expect(sum(all, 'generated')).toBe(truth.generated);
  expect(await isSlow(of, mine, toMs - windowMs, toMs)).toBe(truth.p95 === null ? null : truth.p95 >= limitMs);
  if (truth.cost === null) expect(sum(mine, 'priced')).toBe(0);
  else expect(Math.abs(sum(mine, 'costNano') / sum(mine, 'priced') / 1e9 - truth.cost)).toBeLessThan(1e-9);
}

describe('the buckets say what the plan says', () => {
  test('on random events, late and out of order, at random grid points', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.array(fc.tuple(provider, fc.integer({ min: 1, max: 91 }), fc.constantFrom(10, 60, 300, 600)), {
          minLength: 6,
          maxLength: 6,
        }),
        fc.boolean(),
        async (events, points, isFoldedTwice) => {
          await empty();
          const half = Math.ceil(events.length / 2);
          await insert(events.slice(0, half));
          await db.sql`select sluice.compact()`;
          await insert(events.slice(half));
          if (isFoldedTwice) await db.sql`select sluice.compact()`;
          for (const [of, grid, window] of points) await expectPlan(of, start + grid * 10_000, window * 1000);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a hundred latencies either side of the line: just under, exactly on, just over', async () => {
    for (const [last, verdict] of [
      [7999.99, false],
      [8000, true],
      [8000.01, true],
    ] as const) {
      await empty();
      const latencies = [...Array.from({ length: 94 }, () => 100), ...Array.from({ length: 7 }, () => last)];
      await insert(
        latencies.map((each) => ({ type: 'gen_route', data: { provider: 'fal', latency_ms: each }, atMs: start + 1 })),
      );
      const inside = await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').buckets(start, start + 300_000);
      expect(await isSlow('fal', inside, start, start + 300_000)).toBe(verdict);
      await expectPlan('fal', start + 300_000, 300_000);
    }
  });
});

describe('a reader that remembers', () => {
  test('agrees with a cold one, always', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(rows, fc.constantFrom('read', 'compact', 'both', 'neither'), fc.integer({ min: -60, max: 600 })),
          { maxLength: 6 },
        ),
        async (steps) => {
          await empty();
          const warm = new BucketReader();
          for (const [events, then, offset] of steps) {
            await insert(events.slice(0, 20));
            if (then === 'compact' || then === 'both') await db.sql`select sluice.compact(5)`;
            if (then === 'compact' || then === 'neither') continue;
            const [since, until] = [start + offset * 1000, start + 800_000];
            expect(await warm.read(db.sql, 'GEN_PROVIDER_WEIGHTS', since, until)).toEqual(
              await new BucketReader().read(db.sql, 'GEN_PROVIDER_WEIGHTS', since, until),
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('sees what a transaction wrote that was open during its last read, and nothing twice', async () => {
    const warm = new BucketReader();
    const n = async () =>
      (await warm.read(db.sql, 'GEN_PROVIDER_WEIGHTS', start, start + 60_000)).reduce(
        (sum, each) => sum + each.requests,
        0,
      );
    const forgotten = await db.sql.reserve();
    await forgotten`begin`;
    await forgotten`insert into analytics_logs (event_type, event_data, created_at)
      values ('gen_route', '{"provider":"fal"}', to_timestamp(${start + 5000}::float8 / 1000))`;
    expect(await n()).toBe(0);
    await insert([{ type: 'gen_route', data: { provider: 'fal' }, atMs: start + 6000 }]);
    expect(await n()).toBe(1);
    await db.sql`select sluice.compact()`;
    expect(await n()).toBe(1);
    await forgotten`commit`;
    forgotten.release();
    expect(await n()).toBe(2);
    await db.sql`select sluice.compact()`;
    expect(await n()).toBe(2);
  });
});

describe('figures over spans', () => {
  const priced = (of: string, usd: number, atMs: number) => ({
    type: 'gen_route',
    data: { provider: of, cost_per_image: usd, latency_ms: 100 },
    atMs,
  });

  test('the mean cost of the 24 h before, whole buckets only, whether folded or not', async () => {
    const day = 86_400_000;
    await insert([
      priced('fal', 0.004, start - 5000),
      priced('fal', 0.002, start - day + 1),
      priced('fal', 9, start + 1),
      priced('fal', 9, start - day),
    ]);
    for (let folded = 0; folded < 2; folded += 1) {
      await db.sql`select sluice.compact()`;
    }
    const [row] = await db.sql`select sluice.baseline_mean('fal', to_timestamp(${start / 1000})) as mean`;
    expect(row?.mean).toBeCloseTo(0.003, 12);
  });

  test('sums over any span equal the sum of its buckets', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: -5000, max: 900_000 }),
        fc.integer({ min: 0, max: 4_000_000 }),
        async (events, from, length) => {
          await empty();
          await insert(events.slice(10));
          await db.sql`select sluice.compact(9)`;
          await insert(events.slice(0, 10));
          await db.sql`select sluice.compact(9)`;
          const [fromMs, toMs] = [start + from, start + from + length];
          const whole = await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').buckets(
            Math.ceil(fromMs / 10_000) * 10_000,
            toMs,
          );
          const total = (key: 'vouchers' | 'generated') => whole.reduce((sum, each) => sum + each[key], 0);
          expect(await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').voucherRate(fromMs, toMs)).toEqual({
            vouchers: total('vouchers'),
            generated: total('generated'),
          });
          expect(await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').requests('fal', fromMs, toMs)).toBe(
            whole.filter((each) => each.provider === 'fal').reduce((sum, each) => sum + each.requests, 0),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('errors by kind with an example, costs by basis, the split as it was assigned', async () => {
    const event = (data: object, atMs: number) => ({ type: 'gen_route', data: data as Row['data'], atMs });
    await insert([
      event(
        { provider: 'runware', assigned: 'runware', error: 'first', error_kind: 'timeout', request_id: 'a' },
        start + 1,
      ),
      event(
        { provider: 'runware', assigned: 'runware', error: 'second', error_kind: 'timeout', request_id: 'b' },
        start + 2,
      ),
      event({ provider: 'runware', assigned: 'runware', error: '503' }, start + 3),
      event({ provider: 'fal', assigned: 'runware', cost_per_image: 0.1, cost_basis: 'units_x_price' }, start + 4),
      event({ provider: 'fal', assigned: 'fal', cost_per_image: 0.1 }, start + 5),
    ]);
    const span = [start, start + 60_000] as const;
    expect(await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').topErrors('runware', ...span)).toEqual([
      { kind: 'timeout', count: 2, example: 'second' },
      { kind: 'unknown', count: 1, example: '503' },
    ]);
    expect(await failureKinds(db.sql, 'GEN_PROVIDER_WEIGHTS', ...span)).toEqual({
      runware: { timeout: 2, unknown: 1 },
    });
    expect(await costBases(db.sql, 'GEN_PROVIDER_WEIGHTS', ...span)).toEqual({ fal: { units_x_price: 1, unknown: 1 } });
    expect((await failureExamples(db.sql, 'GEN_PROVIDER_WEIGHTS', ...span, 2)).map((each) => each.error)).toEqual([
      '503',
      'second',
    ]);
  });

  test('costs of jobs by what their ends say, and those that nobody priced', async () => {
    const split = 'FILM_WEIGHTS';
    const arm = (name: string) => ({ name, provider: name, model: null, params: {} });
    for (const slug of ['film', 'song'])
      await newSplit(
        db.sql,
        { slug, kind: 'job', baseline: arm('fal'), candidates: [arm('runware')] },
        { actor: 'ada', reason: 'x' },
      );
    const ended = (arm: string, of: Readonly<Record<string, unknown>>, atMs: number, type = 'split_ok') => {
      const data = { split, arm, provider: arm, phase: 'end', job_id: `${arm} ${atMs}`, ...of };
      return { type, data, atMs: start + atMs };
    };
    await insert([
      { type: 'split_route', data: { split, arm: 'fal', provider: 'fal', phase: 'create' }, atMs: start + 1 },
      ended('fal', { cost_usd: 0.35, cost_basis: 'billed' }, 2),
      ended('fal', { cost_usd: 0.35, cost_basis: 'billed' }, 3),
      ended('fal', { cost_usd: 0.7 }, 4),
      ended('fal', {}, 5),
      ended('runware', { cost_usd: 0.1, cost_basis: 'price_list', error: 'late' }, 6, 'split_failed'),
      ended('runware', { error: 'lost' }, 7, 'split_failed'),
      ended('runware', { cost_usd: 1, cost_basis: 'billed' }, 60_001),
      ended('fal', { split: 'SONG_WEIGHTS', cost_usd: 1, cost_basis: 'billed' }, 8),
    ]);
    expect(await costBases(db.sql, split, start, start + 60_000)).toEqual({
      fal: { billed: 2, unknown: 1, unpriced: 1 },
      runware: { price_list: 1 },
    });
  });
});

describe('a series', () => {
  test.each([
    [3600, 10, 10],
    [10_000, 10, 10],
    [10_010, 10, 20],
    [86_400, 10, 120],
    [10 * 86_400, 10, 900],
    [30 * 86_400, 10, 2700],
    [3600, 300, 300],
  ])('over %d s wanted every %d s has a point every %d s', (span, wanted, step) => {
    expect(stepFor(0, span * 1000, wanted)).toBe(step);
    expect(span / step).toBeLessThanOrEqual(1000);
  });

  test.each([
    [10, 'not'],
    [60, 'not'],
    [300, 'not'],
    [900, 'not'],
    [10, 'half'],
    [60, 'half'],
    [900, 'half'],
    [60, 'all'],
    [900, 'all'],
  ])('every %d s, %s of it folded, says what its rows say', async (step, folded) => {
    const latencies = Array.from({ length: 500 }, (_, i) => 50 + ((i * 7919) % 9000));
    const rows = latencies.map((each, i) => ({
      type: 'gen_route',
      data: { provider: 'fal', latency_ms: each, cost_per_image: 0.003, ...(i % 10 === 0 ? { error: 'x' } : {}) },
      atMs: start + 1 + i * 10,
    }));
    // Of each span one row in two.
    await insert(rows.filter((_, i) => i % 2 === 0));
    if (folded === 'half') await db.sql`select sluice.compact()`;
    await insert(rows.filter((_, i) => i % 2 === 1));
    if (folded === 'all') await db.sql`select sluice.compact()`;
    const query = { fromMs: start, toMs: start + 1_000_000, reachMs: 0, slowFromMs: 8000 };
    const drawn = await chart(db.sql, 'GEN_PROVIDER_WEIGHTS', query, step);
    const { fal } = drawn.series;
    const slow = drawn.spans.flatMap(({ bins }) => bins).filter(([edge]) => edge >= 8000);
    const count = (bins: Bucket['bins']) => bins.reduce((sum, [, n]) => sum + n, 0);
    expect([count(drawn.latencies.fal ?? []), count(slow)]).toEqual([
      500,
      latencies.filter((each) => each >= 8000).length,
    ]);
    expect(fal).toHaveLength(1);
    const [point] = fal ?? [];
    const truth =
      await db.sql`select percentile_cont(array[0.5, 0.95, 0.99]) within group (order by v) as q from unnest(${latencies}::float8[]) v`;
    const [p50, p95, p99] = (truth[0] as { q: [number, number, number] }).q;
    expect(point).toMatchObject({ at: new Date(start + step * 1000).toISOString(), requests: 500, failure_rate: 0.1 });
    expect(point?.cost_per_image).toBeCloseTo(0.003, 12);
    for (const [found, exact] of [
      [point?.p50_latency_ms, p50],
      [point?.p95_latency_ms, p95],
      [point?.p99_latency_ms, p99],
    ] as const) {
      expect(Math.abs((found ?? 0) / exact - 1)).toBeLessThanOrEqual(0.01);
    }
  });
});
