import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOrNull } from '@/lib/log/buckets/answer-or-null';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { compact } from '@/lib/log/upkeep/maintenance';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { writeWeights } from '@/test/support/rollout';

let db: TestDatabase;
const startMs = Date.UTC(2026, 2, 1, 9, 52, 20);
const endMs = startMs + 3 * 3_600_000;
const metrics = () => metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS');
const at = (ms: number) => db.sql`to_timestamp(${ms}::float8 / 1000)`;

/**
 * Three hours of rows: users who loop, users of one row, rows of nobody, retries, pinned rows, doubted rows, keys of
 * price, and users, keys and latencies that are none.
 */
beforeAll(async () => {
  db = await testDatabase();
  await db.sql`select setseed(0.42)`;
  const fill = (from: number, to: number) => db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_strip_nulls(jsonb_build_object(
        'provider', case when r.a < 0.3 then 'runware' else 'fal' end, 'request_id', 'r' || r.i,
        'attempt', case when r.b < 0.1 then 2 when r.b < 0.5 then 1 end,
        'error', case when r.c < 0.1 then 'x' end,
        'latency_ms', case when r.c > 0.05 then round((200 + 9000 * r.d * r.d)::numeric, 3) end,
        'cost_per_image', case when r.c > 0.2 then 0.001 * (1 + r.i % 7) end,
        'user_hash', case when r.e < 0.3 then to_jsonb('loop' || r.i % 3) when r.e < 0.7 then to_jsonb('u' || r.i % 900)
          when r.e < 0.72 then to_jsonb(7) when r.e < 0.74 then to_jsonb(repeat('long', 40)) end,
        'price_key', case when r.f < 0.6 then to_jsonb('flux 512x512'::text) when r.f < 0.8 then to_jsonb('flux 1024x1024'::text)
          when r.f < 0.85 then to_jsonb(E'bad\\n'::text) end,
        'pinned', case when r.g < 0.05 then true end, 'backfilled', case when r.g > 0.97 then true end)),
      to_timestamp(${startMs / 1000}::float8) + r.i * interval '1.0821 seconds'
    from (select i, random() a, random() b, random() c, random() d, random() e, random() f, random() g
      from generate_series(${from}::int, ${to}::int) i order by i) r`;
  await fill(1, 5000);
  await db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_ok', jsonb_build_object('provider', case when i % 3 = 0 then 'runware' else 'fal' end, 'request_id', 'r' || i),
      to_timestamp(${startMs / 1000}::float8) + i * interval '1.0821 seconds'
    from generate_series(1, 9900) i`;
  await db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'voucher_issued', jsonb_build_object('reason', 'regenerate', 'request_id', 'r' || i),
      to_timestamp(${startMs / 1000}::float8) + i * interval '1.0821 seconds' + random() * interval '50 minutes'
    from generate_series(1, 6000, 11) i`;
  await compact(db.sql);
  await fill(5001, 9900);
});
afterAll(() => db.close());

const spans = [
  ['three hours', startMs, endMs],
  ['what is folded', startMs + 600_000, startMs + 4_000_000],
  ['what is not folded', startMs + 6_000_000, startMs + 9_000_000],
  ['twenty seconds', startMs + 1_000_000, startMs + 1_020_000],
  ['nothing', startMs - 60_000, startMs - 10_000],
] as const;

/** First attempts as the rule knows them, from the raw rows. */
const judged = (provider: string, fromMs: number, toMs: number) => db.sql`
  select a.created_at, a.event_data as d from analytics_logs a
  where a.event_type = 'gen_route' and a.event_data ->> 'provider' = ${provider}
    and coalesce((a.event_data ->> 'attempt')::int, 1) = 1 and not a.event_data ? 'backfilled'
    and not coalesce((a.event_data ->> 'pinned')::boolean, false)
    and a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs)}`;

describe.each(spans)('over %s', (_, fromMs, toMs) => {
  test('delays of vouchers', async () => {
    const raw = await db.sql<{ seconds: number; vouchers: number }[]>`
      select sluice.bin_of(extract(epoch from v.created_at - g.created_at)::float8) as seconds, count(*)::int as vouchers
      from analytics_logs v join analytics_logs g
        on g.event_type = 'gen_ok' and g.event_data ->> 'request_id' = v.event_data ->> 'request_id'
      where v.event_type = 'voucher_issued' and g.event_data ->> 'provider' = 'fal'
        and v.created_at > ${at(fromMs)} and v.created_at <= ${at(toMs)} group by 1 order by 1`;
    const delays = await metrics().voucherDelays('fal', fromMs, toMs);
    expect(delays).toEqual(raw.map(({ seconds, vouchers }) => [seconds, vouchers]));
  });

  test.each(['fal', 'runware'])('prices of %s by key', async (provider) => {
    const raw = await db.sql`
      select case when j.d ->> 'price_key' like 'flux%' then j.d ->> 'price_key' else '' end as key, count(*)::int as priced,
        sum((j.d ->> 'cost_per_image')::numeric * 1e9)::float8 as "costNano",
        sum(((j.d ->> 'cost_per_image')::numeric * 1e9) ^ 2)::float8 as "costNanoSquared"
      from (${judged(provider, fromMs, toMs)}) j where j.d ? 'cost_per_image' group by 1 order by 1`;
    expect(await metrics().pricesOf(provider, fromMs, toMs)).toEqual([...raw]);
  });

  test.each(['fal', 'runware'])(
    'quartiles of %s, with as many latencies at or over each as in the log',
    async (provider) => {
      const [raw] = await db.sql<{ n: number; q: number[] }[]>`
      select count(*)::int as n, array(select sluice.bin_of(p) from unnest(percentile_disc(array[0.25, 0.5, 0.75])
        within group (order by (j.d ->> 'latency_ms')::float8)) p) as q
      from (${judged(provider, fromMs, toMs)}) j where j.d ? 'latency_ms'`;
      expect(await metrics().latencyQuartiles(provider, fromMs, toMs)).toEqual((raw?.n ?? 0) < 100 ? null : raw?.q);
    },
  );

  test.each([
    ['fal', null],
    ['runware', null],
    ['fal', 5000],
    ['runware', 5000],
  ])('repetitions of %s, hits from %s', async (provider, limitMs) => {
    const rows = await db.sql<{ user: unknown; hit: boolean }[]>`
      select j.d -> 'user_hash' as user,
        ${limitMs === null ? db.sql`j.d ? 'error'` : db.sql`(j.d ->> 'latency_ms')::float8 >= ${limitMs}`} as hit
      from (${judged(provider, fromMs, toMs)}) j ${limitMs === null ? db.sql`` : db.sql`where j.d ? 'latency_ms'`}`;
    const expected = { rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 };
    for (const name of new Set(rows.map((row) => row.user))) {
      const mine = rows.filter((row) => row.user === name);
      if (typeof name !== 'string' || name.length > 64 || mine.length * 5 > rows.length) continue;
      const hits = mine.filter(({ hit }) => hit).length;
      expected.rows += mine.length;
      expected.rowsSquared += mine.length ** 2;
      expected.hitsSquared += hits ** 2;
      expected.hitsTimesRows += hits * mine.length;
    }
    expect(await metrics().repeats(provider, { fromMs, toMs, limitMs, partSinceMs: fromMs })).toEqual(expected);
  });

  test('first rows of users', async () => {
    const rows = await db.sql<{ ms: number; d: Record<string, unknown> }[]>`
      select extract(epoch from j.created_at)::float8 * 1000 as ms, j.d
      from (${judged('fal', fromMs, toMs)} union all ${judged('runware', fromMs, toMs)}) j order by j.created_at`;
    const expected = new Map<number, { candidate: number[]; baseline: number[] }>();
    const seen = new Set<unknown>();
    for (const { ms, d } of rows) {
      const isUser = typeof d.user_hash === 'string' && d.user_hash.length <= 64;
      if (isUser && seen.has(d.user_hash)) continue;
      if (isUser) seen.add(d.user_hash);
      const index = Math.ceil(ms / 10_000);
      const bucket = expected.get(index) ?? { candidate: [0, 0, 0, 0, 0], baseline: [0, 0, 0, 0, 0] };
      expected.set(index, bucket);
      const latency = Number(d.latency_ms ?? Number.NaN);
      const found = [1, d.error === undefined ? 0 : 1, ...[600, 2450, 5000].map((q) => (latency >= q ? 1 : 0))];
      const side = d.provider === 'runware' ? bucket.candidate : bucket.baseline;
      for (const [i, n] of found.entries()) side[i] = (side[i] ?? 0) + n;
    }
    const firsts = await metrics().firstOfUsers('runware', 'fal', fromMs, toMs, [600, 2450, 5000]);
    expect(firsts?.buckets).toEqual([...expected].map(([index, sides]) => ({ index, ...sides })));
  });
});

test('a user with more than a fifth of the rows is taken for everybody, one with a fifth is not', async () => {
  const beforeMs = startMs - 86_400_000;
  await db.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_build_object('provider', 'fal', 'error', 'x', 'user_hash', case when i <= 10 then 'loop' end),
      ${at(beforeMs)} + i * interval '1 second' from generate_series(1, 50) i`;
  const span = { fromMs: beforeMs, toMs: beforeMs + 60_000, limitMs: null, partSinceMs: beforeMs };
  const loop = { rows: 10, rowsSquared: 100, hitsSquared: 100, hitsTimesRows: 100 };
  expect(await metrics().repeats('fal', span)).toEqual(loop);
  const nothing = { rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 };
  expect(await metrics().repeats('fal', { ...span, toMs: beforeMs + 49_000 })).toEqual(nothing);
  // A part of the rows of a longer span: a loop that fills the span is still one user's.
  const within = { ...span, fromMs: beforeMs + 5000, toMs: beforeMs + 60_000 };
  expect(await metrics().repeats('fal', within)).toEqual({
    rows: 5,
    rowsSquared: 25,
    hitsSquared: 25,
    hitsTimesRows: 25,
  });
});

test('without quartiles no row is slow', async () => {
  const firsts = await metrics().firstOfUsers('runware', 'fal', startMs, endMs, null);
  expect(firsts?.buckets.every(({ candidate, baseline }) => candidate[2] + baseline[2] === 0)).toBe(true);
});

test('weights change when they become others, not when equal ones are written', async () => {
  const started = Date.now() - 1000;
  const write = (text: string) => writeWeights(db.sql, JSON.parse(text));
  await write('{"fal":0.9,"runware":0.1}');
  await db.sql`update feature_flags set flag_value_text = '{"runware":0.10, "fal":0.90}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await db.sql`update feature_flags set description = 'so' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await db.sql`update feature_flags set flag_value_text = '{"fal":1}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`.catch(
    () => {},
  );
  await write('{"fal":0.5,"runware":0.5}');
  await write('{"fal":0.5,"runware":0.5}');
  const changed = await metrics().weightsChanged('GEN_PROVIDER_WEIGHTS', started, Date.now() + 60_000);
  const raw = await db.sql<{ ms: number }[]>`
    select extract(epoch from j.at)::float8 * 1000 as ms from sluice.journal j
    where j.flag_key = 'GEN_PROVIDER_WEIGHTS' and j.becomes in ('{"fal":0.9,"runware":0.1}', '{"fal":0.5,"runware":0.5}')
      and j.was is distinct from j.becomes order by j.id`;
  expect(changed).toHaveLength(2);
  expect(changed).toEqual(raw.map(({ ms }) => ms));
  expect(await metrics().weightsChanged('GEN_PROVIDER_WEIGHTS', changed[0] ?? 0, changed[1] ?? 0)).toEqual([
    changed[1],
  ]);
});

describe('what takes too long', () => {
  test('is not known, and harms neither the transaction it was asked in nor what is asked afterwards', async () => {
    await db.sql.begin(async (tx) => {
      await tx`select set_config('statement_timeout', '7s', true)`;
      expect(await answerOrNull(tx, 50, (inside) => inside`select pg_sleep(5)`)).toBeNull();
      expect(await answerOrNull(tx, 5000, (inside) => inside`select 1 as one`)).toEqual([{ one: 1 }]);
      expect(await tx`select current_setting('statement_timeout') as ms`).toEqual([{ ms: '7s' }]);
    });
    expect(await answerOrNull(db.sql, 50, (inside) => inside`select pg_sleep(5)`)).toBeNull();
    await expect(answerOrNull(db.sql, 50, (inside) => inside`select 1 / 0`)).rejects.toThrow('division by zero');
  });
});
