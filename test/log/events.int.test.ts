import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { addSplit } from '@/test/gateway/splits/add-split';
import {
  costSql,
  distributionSql,
  failureSql,
  p95Sql,
  planStatements,
  voucherSql,
} from '@/test/postgres/plan-statements';
import { bucketRows } from '@/test/support/bucket-rows';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { bucketEndMs } from '@/test/support/histories';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes, sluice.quarters`;
});

/** The plan's voucher statement divides by the number of images made: it cannot be asked when there was none. */
const oneImage = () =>
  db.sql`insert into analytics_logs (event_type, event_data) values ('gen_ok', '{"provider":"fal"}')`;

const route = (data: string, when = 'now()') =>
  db.sql.unsafe(
    `insert into analytics_logs (event_type, event_data, created_at) values ('gen_route', '${data}', ${when})`,
  );

describe("the plan's own statements", () => {
  test('say what was logged', async () => {
    for (let i = 1; i <= 20; i += 1) {
      await route(`{"provider":"fal","latency_ms":${i * 100},"cost_per_image":0.003}`);
    }
    await route('{"provider":"runware","latency_ms":500,"error":"503","cost_per_image":null}');
    await db.sql`insert into analytics_logs (event_type, event_data) values
      ('gen_ok', '{"provider":"fal"}'), ('gen_ok', '{"provider":"fal"}'),
      ('voucher_issued', '{"reason":"regenerate"}'), ('voucher_issued', '{"reason":"birthday"}')`;
    expect(await db.sql.unsafe(p95Sql)).toEqual([
      { provider: 'fal', p95_latency_ms: 1905 },
      { provider: 'runware', p95_latency_ms: 500 },
    ]);
    expect(await db.sql.unsafe(failureSql)).toEqual([
      { provider: 'fal', failure_rate_percent: 0 },
      { provider: 'runware', failure_rate_percent: 100 },
    ]);
    expect(await db.sql.unsafe(costSql)).toEqual([{ provider: 'fal', avg_cost_per_image: 0.003 }]);
    expect(await db.sql.unsafe(voucherSql)).toEqual([{ regenerate_voucher_rate_percent: 50 }]);
    expect((await db.sql.unsafe(distributionSql)).map((row) => row.request_count)).toEqual([20, 1]);
  });

  test('the guard lets nothing by that the cleaning would change', async () => {
    const odd = [
      '0',
      '-0',
      '1e-9',
      '3600000',
      '3600000.000001',
      '-1',
      '1000',
      '1e400',
      '"5"',
      '""',
      'true',
      '[]',
      '[5]',
      '{}',
      '{"a":5}',
      'null',
    ];
    const seen = await db.sql<{ event: unknown }[]>`
      select e.event from jsonb_array_elements(${`[${odd.join(',')}]`}::text::jsonb) v,
        lateral unnest(array['latency_ms', 'cost_per_image', 'images', 'attempt']) key,
        lateral jsonb_build_object('provider', 'fal', key, v) e (event)
      where (sluice.is_clean(e.event, sluice.provider_names())
          or sluice.is_clean_event('gen_route', e.event, sluice.provider_names(), '{}'))
        and sluice.clean_event('gen_route', e.event, sluice.provider_names()) is distinct from e.event`;
    expect(seen).toEqual([]);
    const [row] = await db.sql`select sluice.is_clean('{"provider":"fal","latency_ms":5}', '{fal}') as good,
      sluice.is_clean('{"provider":"fal","latency_ms":"5"}', '{fal}') as bad`;
    expect(row).toEqual({ good: true, bad: false });
  });

  test('of another split, too, nothing gets by that the cleaning would change', async () => {
    await addSplit(db.sql, {
      ...{ key: 'SHOW_WEIGHTS', slug: 'show', kind: 'image', weights: { old: 1, new: 0 } },
      arms: { old: ['fal', null], new: ['runware', null] },
    });
    const good = { split: 'SHOW_WEIGHTS', provider: 'fal', arm: 'old', assigned: 'old', latency_ms: 5, images: 1 };
    const numbers = ['0', '3600000', '3600001', '-1', '10001', '1e9', '1e400', '"5"', 'true', '[5]', '{}', 'null'];
    const instants = ['"2026-11-29T08:00:00.000Z"', '"2026-02-31T08:00:00Z"', '"soon"', '""', '5', '[]', 'null'];
    const names = [
      '"old"',
      '"new"',
      '"fal"',
      '"runware"',
      '"nobody"',
      '"GEN_PROVIDER_WEIGHTS"',
      '""',
      '5',
      '["old"]',
      'null',
    ];
    const odd = [
      ...[
        'latency_ms',
        'cost_per_image',
        'images',
        'attempt',
        'duration_ms',
        'units',
        'cost_usd',
        'cost_per_unit',
      ].flatMap((key) => numbers.map((value) => [key, value])),
      ...instants.map((value) => ['created_at', value]),
      ...['split', 'provider', 'arm', 'assigned'].flatMap((key) => names.map((value) => [key, value])),
    ].map(([key, value]) => `${JSON.stringify(good).slice(0, -1)},"${key}":${value}}`);
    const ends = ['1e300', '-5', '2592000000', '2592000001'].map(
      (value) =>
        `{"split":"SHOW_WEIGHTS","provider":"fal","arm":"old","assigned":"old","phase":"end","duration_ms":${value}}`,
    );
    const texts = [...odd, ...ends, '{}', '[]', '5', 'null', '{"split":"SHOW_WEIGHTS"}'];
    const inBatch = (word: string) =>
      db.sql.begin(async (sql) => {
        await sql`select set_config('sluice.in_batch', ${word}, true)`;
        return sql`
      with events as materialized (
        select e.event, 'split_' || t.kind as kind from jsonb_array_elements(${`[${texts.join(',')}]`}::text::jsonb) e (event),
          unnest(array['route', 'ok', 'failed']) t (kind)),
      stored as (
        insert into public.analytics_logs (event_type, event_data) select e.kind, e.event from events e
        returning event_type, event_data),
      wanted as (
        select e.kind, sluice.clean_event(e.kind, e.event, sluice.provider_names()) as event from events e)
      select s.event_type, s.event_data, w.event from stored s full join wanted w
        on w.kind = s.event_type and w.event = s.event_data where w.kind is null or s.event_type is null`;
      });
    // One by one the guard is called for each of them; in a batch for those that a look does not see to be good.
    expect([await inBatch('no'), await inBatch('yes')]).toEqual([[], []]);
    const invalid =
      await db.sql`select from analytics_logs where event_type = 'split_route' and event_data ? 'invalid'`;
    expect(invalid.length).toBeGreaterThan(60);
    const [look] = await db.sql.begin(async (sql) => {
      await sql`select set_config('sluice.in_batch', 'yes', true)`;
      const event = sql.json(good);
      return sql`select sluice.is_clean_event('split_route', ${event}, '{}', sluice.known_arms()) as good,
        sluice.is_clean_event('split_route', ${event}, '{}', '{}') as unknown`;
    });
    expect(look).toEqual({ good: true, unknown: null });
  });

  test('the arms are told to nobody who may not read them', async () => {
    const [row] = await db.sql.begin(async (sql) => {
      await sql`select set_config('sluice.in_batch', 'yes', true)`;
      await sql`create role stranger`;
      await sql`grant usage on schema sluice to stranger`;
      await sql`set local role stranger`;
      const told = await sql`select sluice.known_arms() as arms`;
      await sql`reset role`;
      await sql`drop owned by stranger`;
      await sql`drop role stranger`;
      return told;
    });
    expect(row).toEqual({ arms: {} });
  });

  test.each([
    '{"provider":"fal","latency_ms":"NaN"}',
    '{"provider":"fal","latency_ms":"Infinity","cost_per_image":"-Infinity"}',
    '{"provider":"fal","latency_ms":"twelve","cost_per_image":"12"}',
    '{"provider":"fal","latency_ms":-1,"cost_per_image":-0.01}',
    '{"provider":"fal","latency_ms":1e400,"cost_per_image":1e308,"images":-1}',
    '{"provider":"fal","latency_ms":3600001,"cost_per_image":1000.01,"attempt":"first"}',
    '{"provider":"fal","latency_ms":true,"cost_per_image":[1],"attempt":{}}',
    '{"provider":"fal","latency_ms":[],"cost_per_image":"","images":[[5]]}',
  ])('neither throw nor lie on %s', async (hostile) => {
    await oneImage();
    // In one bucket, wherever in the present one this begins.
    const when = `'${new Date(bucketEndMs(Date.now()) - 15_000).toISOString()}'`;
    await route('{"provider":"fal","latency_ms":100,"cost_per_image":0.003}', when);
    await route(hostile, when);
    for (const statement of Object.values(planStatements)) await db.sql.unsafe(statement);
    expect(await db.sql.unsafe(p95Sql)).toEqual([{ provider: 'fal', p95_latency_ms: 100 }]);
    expect(await db.sql.unsafe(costSql)).toEqual([{ provider: 'fal', avg_cost_per_image: 0.003 }]);
    const [bucket] = await bucketRows(db.sql);
    expect(bucket).toMatchObject({ requests: 2, bins: { 100: 1 }, priced: 1, cost_nano: 3_000_000 });
  });

  test.each(['[1,2]', '"text"', '7', 'null'])('neither throw nor lie on event_data %s', async (whole) => {
    await oneImage();
    await route(whole);
    for (const statement of Object.values(planStatements)) await db.sql.unsafe(statement);
    const [row] = await db.sql`select event_data from analytics_logs where event_type = 'gen_route'`;
    expect(row?.event_data).toEqual({ invalid: { event_data: JSON.parse(whole) } });
  });

  test('read only the days they ask for, by an index', async () => {
    const plan = await db.sql.unsafe(`explain (analyze, costs off, timing off) ${failureSql}`);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Subplans Removed: \d+/);
  });
});

describe('a lie', () => {
  test('is moved to event_data.invalid and kept to the letter', async () => {
    await route('{"provider":"runwear","assigned":"fal","latency_ms":-1,"request_id":"r","invalid":{"mine":1}}');
    const [row] = await db.sql`select event_data from analytics_logs`;
    expect(row?.event_data).toEqual({
      assigned: 'fal',
      request_id: 'r',
      invalid: { mine: 1, provider: 'runwear', latency_ms: -1 },
    });
  });

  test.each([
    ['latency_ms', 0, true],
    ['latency_ms', 3_600_000, true],
    ['latency_ms', 3_600_000.1, false],
    ['cost_per_image', 1000, true],
    ['cost_per_image', 1000.01, false],
    ['images', 10_000, true],
    ['attempt', 0, false],
    ['attempt', 2, true],
  ] as const)('%s = %d is good: %s', async (name, value, isGood) => {
    await route(`{"provider":"fal","${name}":${value}}`);
    const [row] = await db.sql`select event_data from analytics_logs`;
    expect(row?.event_data).toEqual(
      isGood ? { provider: 'fal', [name]: value } : { provider: 'fal', invalid: { [name]: value } },
    );
  });

  test('of another service is its own business', async () => {
    await db.sql`insert into analytics_logs (event_type, event_data) values ('page_view', '{"provider":7,"latency_ms":"NaN"}')`;
    const [row] = await db.sql`select event_data from analytics_logs`;
    expect(row?.event_data).toEqual({ provider: 7, latency_ms: 'NaN' });
  });

  test('cannot be brought in by an update either', async () => {
    await route('{"provider":"fal","latency_ms":100}');
    await db.sql`update analytics_logs set event_data = event_data || '{"latency_ms":"NaN"}'`;
    const [row] = await db.sql`select event_data from analytics_logs`;
    expect(row?.event_data).toEqual({ provider: 'fal', invalid: { latency_ms: 'NaN' } });
  });

  test('is a provider nobody registered, until somebody does, in a session that had asked before', async () => {
    await db.sql.begin(async (tx) => {
      const add = () =>
        tx`insert into analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"third"}')`;
      await add();
      await tx`insert into sluice.providers (name, label) values ('third', 'Third')`;
      await add();
      const rows = await tx`select event_data ->> 'provider' as provider from analytics_logs order by id`;
      expect(rows.map((row) => row.provider)).toEqual([null, 'third']);
      await tx`delete from sluice.providers where name = 'third'`;
    });
  });
});

describe('event time', () => {
  test.each(["now() + interval '2 minutes'", "now() + interval '3 days'", "now() + interval '40 years'", "'infinity'"])(
    'cannot lie in the future: %s becomes now, the original is kept',
    async (when) => {
      await route('{"provider":"fal","latency_ms":100}', when);
      const rows = await db.sql`
        select event_data, abs(extract(epoch from clock_timestamp() - created_at)) < 60 as is_now from analytics_logs`;
      expect(rows).toHaveLength(1);
      expect(rows[0]?.is_now).toBe(true);
      expect(rows[0]?.event_data.invalid.created_at).toBeTypeOf('string');
      const hour = [Date.now() - 3_600_000, Date.now() + 60_000] as const;
      expect(await metricsStore(db.sql, 'GEN_PROVIDER_WEIGHTS').requests('fal', ...hour)).toBe(1);
    },
  );

  test('may lie far in the past: the row counts there and only there', async () => {
    await route('{"provider":"fal"}', "now() - interval '2 years'");
    await route('{"provider":"fal"}', "'1970-01-01'");
    const ends = (await bucketRows(db.sql)).map(({ at }) => at.getTime());
    expect(ends.filter((end) => end > Date.now() - 365 * 86_400_000)).toEqual([]);
    const [where] = await db.sql`select count(*) as n from sluice.analytics_logs_default`;
    expect(where?.n).toBe(2);
  });
});

test('is ours when fresh: row security on, nothing for anon, nothing to write for whoever signed in', async () => {
  const [row] = await db.sql`
    select c.relrowsecurity, c.relkind,
      coalesce(bool_or(has_table_privilege(r.oid, c.oid,
        case r.rolname when 'anon' then 'select, insert, update, delete' else 'insert, update, delete' end)), false) as is_open
    from pg_class c left join pg_roles r on r.rolname in ('anon', 'authenticated')
    where c.oid = 'public.analytics_logs'::regclass group by 1, 2`;
  expect(row).toEqual({ relrowsecurity: true, relkind: 'p', is_open: false });
});
