import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { compact } from '@/lib/log/upkeep/maintenance';
import { planStatements } from '@/test/postgres/plan-statements';
import { bucketRows, countIn } from '@/test/support/bucket-rows';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { arms, gen, insertRows, insertTraffic, type LoggedRow, registerSplits } from '@/test/support/several-splits';
import { bucketEndMs } from '../../support/histories';

let db: TestDatabase;
let keys: string[];
beforeAll(async () => {
  db = await testDatabase();
  keys = await registerSplits(db.sql, 10);
});
afterAll(() => db.close());
const empty = () =>
  db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
beforeEach(empty);

const start = Date.UTC(2026, 2, 1, 10);
const at = (offsetMs = 0): number => start + offsetMs;

describe('beside ten busy splits', () => {
  const genTraffic = () => db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select case i % 2 when 0 then 'gen_route' else 'gen_ok' end,
      jsonb_build_object('request_id', 'g' || i, 'provider', case when i % 7 = 0 then 'runware' else 'fal' end, 'attempt', 1,
        'latency_ms', 200 + i, 'cost_per_image', 0.003) || case when i % 11 = 0 then '{"error":"x"}' else '{}'::jsonb end,
      now() - i * interval '0.2 seconds'
    from generate_series(1, 1000) i`;
  const figures = async () => {
    const said: Record<string, unknown> = {};
    for (const [name, statement] of Object.entries(planStatements)) said[name] = [...(await db.sql.unsafe(statement))];
    const span = [Date.now() - 3_600_000, Date.now() + 60_000] as const;
    const metrics = metricsStore(db.sql, gen);
    said.buckets = await metrics.buckets(...span);
    said.requests = [await metrics.requests('fal', ...span), await metrics.requests('runware', ...span)];
    said.vouchers = await metrics.voucherRate(...span);
    said.errors = await metrics.topErrors('fal', ...span);
    said.prices = await metrics.pricesOf('fal', ...span);
    said.quartiles = await metrics.latencyQuartiles('fal', ...span);
    return said;
  };

  test('the plan’s statements and the first split’s figures say what they said without them', async () => {
    await genTraffic();
    await db.sql`insert into analytics_logs (event_type, event_data)
      values ('voucher_issued', '{"reason":"regenerate","request_id":"g7"}')`;
    const alone = await figures();
    await insertTraffic(db.sql, 10, 1000, 200);
    expect(await figures()).toEqual(alone);
    await compact(db.sql);
    expect(await figures()).toEqual(alone);
  });

  test('a foreign split named in a row of gen makes it no other split’s', async () => {
    await insertRows(db.sql, [
      { type: 'gen_route', data: { provider: 'fal', split: keys[0], arm: 'fal' }, atMs: at() },
      { type: 'gen_ok', data: { provider: 'runware', split: 'NONE_WEIGHTS' }, atMs: at() },
    ]);
    const rows =
      await db.sql`select split, provider, requests::int, generated::int from sluice.bucket_deltas order by provider`;
    expect(rows).toEqual([
      { split: gen, provider: 'fal', requests: 1, generated: 0 },
      { split: gen, provider: 'runware', requests: 0, generated: 1 },
    ]);
    const [row] = await db.sql`select event_data from analytics_logs where event_type = 'gen_ok'`;
    expect(row?.event_data).toEqual({ provider: 'runware', split: 'NONE_WEIGHTS' });
  });
});

type Counted = Record<string, number>;
const instant = fc.oneof(
  fc.integer({ min: 0, max: 1_800_000 }),
  fc.integer({ min: 0, max: 180 }).map((n) => n * 10_000),
);
const split = fc.constantFrom(gen, 'TEST0_WEIGHTS', 'TEST1_WEIGHTS');
const armOf = (of: string, n: number) => (of === gen ? (['fal', 'runware', 'fal'] as const) : arms)[n % 3] ?? 'old';
const event = fc
  .record({
    split,
    arm: fc.nat(2),
    assigned: fc.nat(2),
    what: fc.constantFrom('route', 'route', 'route', 'ok', 'failed'),
    latency_ms: fc.constantFrom(1, 99, 8000, 12_345, null),
    cost: fc.constantFrom(0.002, 0.5, null),
    attempt: fc.constantFrom(1, 1, 2, null),
    pinned: fc.constantFrom(false, false, true),
    fate: fc.constantFrom('ok', 'ok', 'error', 'refused'),
    atMs: instant,
  })
  .map(({ split: of, arm, assigned, what, cost, pinned, fate, atMs, ...rest }): LoggedRow => {
    const named = armOf(of, arm);
    const data = {
      ...rest,
      ...(of === gen ? { provider: named } : { split: of, arm: named, provider: named === 'new' ? 'runware' : 'fal' }),
      assigned: armOf(of, assigned),
      ...(cost === null ? {} : { cost_per_image: cost, price_key: `p${cost}` }),
      ...(pinned ? { pinned } : {}),
      ...(fate === 'error' ? { error: 'x', error_kind: 'timeout' } : {}),
      ...(fate === 'refused' ? { refused: true } : {}),
    };
    return { type: `${of === gen ? 'gen' : 'split'}_${what}`, data, atMs: at(atMs) };
  });

/** What a bucket should hold, from the rows themselves. */
function recount(rows: readonly LoggedRow[], of: string, endOf: (ms: number) => number): Map<string, Counted> {
  const found = new Map<string, Counted>();
  for (const { type, data, atMs } of rows) {
    const [kind, what] = type.split('_');
    if ((kind === 'gen' ? gen : data.split) !== of || what === 'failed') continue;
    if (what === 'route' && (data.attempt === 2 || data.pinned === true)) continue;
    const arm = String(data.arm ?? data.provider);
    const key = `${endOf(atMs)} ${arm}`;
    const sums = found.get(key) ?? { requests: 0, failures: 0, refused: 0, timed: 0, strays: 0, nano: 0, generated: 0 };
    const add = (name: string, n: number) => {
      sums[name] = (sums[name] ?? 0) + n;
    };
    if (what === 'ok') add('generated', 1);
    else {
      add('requests', 1);
      add('failures', data.error ? 1 : 0);
      add('refused', data.refused ? 1 : 0);
      add('timed', data.latency_ms === null ? 0 : 1);
      add('strays', data.assigned === arm ? 0 : 1);
      add('nano', Math.round(Number(data.cost_per_image ?? 0) * 1e9));
    }
    found.set(key, sums);
  }
  return found;
}

describe('buckets of three splits with three arms', () => {
  const widths = [
    ['10 seconds', bucketEndMs],
    ['1 minute', (ms: number) => Math.ceil(ms / 60_000) * 60_000],
    ['15 minutes', (ms: number) => Math.ceil(ms / 900_000) * 900_000],
  ] as const;
  const read = async (split: string, width: (typeof widths)[number][0]) => {
    const rows = await bucketRows(db.sql, { split, width });
    const counted = rows.map(({ at: end, provider, requests, failures, refused, generated, ...row }) => {
      const bags = { timed: countIn(row.bins), strays: countIn(row.strays) };
      const sums: Counted = { requests, failures, refused, generated, nano: row.cost_nano, ...bags };
      return [`${end.getTime()} ${provider}`, sums] as const;
    });
    return new Map(counted);
  };

  test('agree with a recount of the raw rows, folded, half folded or not', { timeout: 120_000 }, async () => {
    const batches = fc.array(fc.tuple(fc.array(event, { maxLength: 60 }), fc.boolean()), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        await empty();
        for (const [rows, isFolded] of given) {
          await insertRows(db.sql, rows);
          if (isFolded) await compact(db.sql, 7);
        }
        const all = given.flatMap(([rows]) => rows);
        for (const of of [gen, 'TEST0_WEIGHTS', 'TEST1_WEIGHTS'])
          for (const [width, endOf] of widths) expect(await read(of, width)).toEqual(recount(all, of, endOf));
        const [{ n } = { n: -1 }] =
          await db.sql`select count(*)::int as n from sluice.bucket_deltas where split like 'TEST2%'`;
        expect(n).toBe(0);
      }),
      { numRuns: 25 },
    );
  });
});

describe('an event of another split', () => {
  const insertOne = async (type: string, data: Record<string, unknown>) => {
    await empty();
    await insertRows(db.sql, [{ type, data, atMs: at() }]);
    const [row] = await db.sql<{ event_data: Record<string, unknown> }[]>`select event_data from analytics_logs`;
    const counted = await db.sql`
      select split, provider as arm, requests::int, generated::int, vouchers::int from sluice.bucket_deltas`;
    return { data: row?.event_data, counted: counted[0] ?? null };
  };
  const good = { split: 'TEST0_WEIGHTS', arm: 'new', assigned: 'old', provider: 'runware', latency_ms: 5 };

  test('stays as it is when it is good', async () => {
    const { data, counted } = await insertOne('split_route', good);
    expect(data).toEqual(good);
    expect(counted).toMatchObject({ split: 'TEST0_WEIGHTS', arm: 'new', requests: 1 });
  });

  test.each([
    ['an arm of another split', { ...good, arm: 'fal' }, { arm: 'fal' }, ''],
    ['an assigned arm of another', { ...good, assigned: 'runware' }, { assigned: 'runware' }, 'new'],
    ['a provider nobody registered', { ...good, provider: 'runwear' }, { provider: 'runwear' }, 'new'],
    ['a latency that is a text', { ...good, latency_ms: 'NaN' }, { latency_ms: 'NaN' }, 'new'],
  ])('has %s moved aside', async (_what, given, invalid, arm) => {
    const { data, counted } = await insertOne('split_route', given);
    expect(data?.invalid).toEqual(invalid);
    expect(counted).toMatchObject({ split: 'TEST0_WEIGHTS', arm, requests: 1 });
  });

  test.each([
    ['that nobody registered', { ...good, split: 'NONE_WEIGHTS' }],
    ['that is the first one', { ...good, split: gen, arm: 'fal', assigned: 'fal' }],
    ['that is no text', { ...good, split: 5 }],
    ['that is missing', { arm: 'new', provider: 'fal' }],
  ])('is counted nowhere when it names a split %s', async (_what, given) => {
    const { data, counted } = await insertOne('split_ok', given);
    expect(counted).toBeNull();
    if ('split' in given) expect(data?.invalid).toMatchObject({ split: given.split });
    expect(data).not.toHaveProperty('arm');
  });

  test('cannot be made bad by an update', async () => {
    await insertOne('split_route', good);
    await db.sql`update analytics_logs set event_data = event_data || '{"arm":"fal"}'`;
    const [row] = await db.sql`select event_data from analytics_logs`;
    expect(row?.event_data.invalid).toEqual({ arm: 'fal' });
  });

  test('of gen counts for the arm that it names beside the provider', async () => {
    const named = { provider: 'fal', arm: 'runware', assigned: 'runware' };
    expect((await insertOne('gen_route', named)).counted).toMatchObject({ split: gen, arm: 'runware' });
    const { data, counted } = await insertOne('gen_route', { provider: 'runware', arm: 'nobody' });
    expect(data).toEqual({ provider: 'runware', invalid: { arm: 'nobody' } });
    expect(counted).toMatchObject({ split: gen, arm: 'runware' });
  });
});

describe('a voucher', () => {
  const vouchers = () => db.sql`
    select split, provider as arm, sum(vouchers)::int as n, jsonb_agg(ages) filter (where ages is not null) as ages
    from sluice.bucket_deltas where vouchers > 0 group by 1, 2 order by 1, 2`;
  const made = [
    { type: 'split_ok', data: { split: 'TEST1_WEIGHTS', arm: 'small', provider: 'fal', request_id: 'r1' }, atMs: at() },
    { type: 'gen_ok', data: { provider: 'runware', request_id: 'r2' }, atMs: at() },
  ];
  const issue = (data: Record<string, unknown>) => ({
    type: 'voucher_issued',
    data: { reason: 'regenerate', ...data },
    atMs: at(20_000),
  });

  test('is its request’s, whatever provider it names', async () => {
    await insertRows(db.sql, [...made, issue({ request_id: 'r1', provider: 'runware' }), issue({ request_id: 'r1' })]);
    await insertRows(db.sql, [issue({ request_id: 'r2' }), issue({ request_id: 'nobody’s', provider: 'fal' })]);
    expect(await vouchers()).toEqual([
      { split: gen, arm: 'fal', n: 1, ages: null },
      { split: gen, arm: 'runware', n: 1, ages: [{ 20: 1 }] },
      { split: 'TEST1_WEIGHTS', arm: 'small', n: 2, ages: [{ 20: 2 }] },
    ]);
  });

  test('may name the split and the arm', async () => {
    await insertRows(db.sql, [
      ...[...made, issue({ split: 'TEST0_WEIGHTS', arm: 'old' }), issue({ split: 'TEST0_WEIGHTS', request_id: 'r1' })],
      ...[issue({ split: 'NONE_WEIGHTS', request_id: 'r1' }), issue({ split: gen, provider: 'fal' })],
    ]);
    expect((await vouchers()).map(({ split: of, arm, n }) => [of, arm, n])).toEqual([
      [gen, 'fal', 1],
      ['TEST0_WEIGHTS', '', 1],
      ['TEST0_WEIGHTS', 'old', 1],
      ['TEST1_WEIGHTS', 'small', 1],
    ]);
  });
});
