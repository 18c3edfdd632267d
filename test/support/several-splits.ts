import type { Sql } from '@/lib/postgres/sql';

export const gen = 'GEN_PROVIDER_WEIGHTS';
export const arms = ['old', 'new', 'small'] as const;

/** Registered by SQL: as many splits beside the first, each with three arms at two providers. */
export async function registerSplits(sql: Sql, count: number): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, n) => `TEST${n}_WEIGHTS`);
  await sql`
    insert into sluice.splits (key, slug, kind, label)
    select format('TEST%s_WEIGHTS', n), format('test%s', n), 'image', format('Test %s', n)
    from generate_series(0, ${count - 1}::int) n`;
  await sql`
    insert into sluice.arms (split, name, provider, model)
    select format('TEST%s_WEIGHTS', n), a.name, a.provider, a.model
    from generate_series(0, ${count - 1}::int) n
    cross join (values ('old', 'fal', null), ('new', 'runware', null), ('small', 'fal', 'small')) a (name, provider, model)`;
  return keys;
}

export interface LoggedRow {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

export const insertRows = (sql: Sql, rows: readonly LoggedRow[]) => sql`
  insert into analytics_logs (event_type, event_data, created_at)
  select e.type, e.data, to_timestamp(e."atMs"::float8 / 1000)
  from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) e (type text, data jsonb, "atMs" float8)`;

/** Busy: attempts, images and named vouchers of each split, `perSplit` rows each, over the last `seconds`. */
export const insertTraffic = (sql: Sql, splits: number, perSplit: number, seconds: number) => sql`
  insert into analytics_logs (event_type, event_data, created_at)
  select case i % 2 when 0 then 'split_route' else 'split_ok' end,
    jsonb_build_object('split', format('TEST%s_WEIGHTS', s), 'request_id', format('%s/%s', s, i), 'attempt', 1,
      'arm', a.arm, 'assigned', a.arm, 'provider', a.provider, 'latency_ms', 9000 + i, 'cost_per_image', 0.5)
      || case when i % 3 = 0 then '{"error":"boom","error_kind":"http_500"}' else '{}'::jsonb end,
    now() - i * ${seconds}::float8 / ${perSplit}::int * interval '1 second'
  from generate_series(0, ${splits - 1}::int) s cross join generate_series(1, ${perSplit}::int) i
  cross join lateral (
    select (array['old', 'new', 'small'])[1 + i % 3] as arm, (array['fal', 'runware', 'fal'])[1 + i % 3] as provider) a`;
