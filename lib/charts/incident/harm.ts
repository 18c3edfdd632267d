import type { IncidentFailure, IncidentView } from '@/lib/api/incident-view';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { armOf, ofSplit, readWithin, typesOf } from '../requests/request-rows';

export interface HarmQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly arms: readonly string[];
  /** Of the latency line that decided. */
  readonly slowFromMs: number | null;
}

interface Harm extends Pick<IncidentView, 'failures'> {
  readonly harm: Omit<IncidentView['harm'], 'counted'>;
}

interface Row {
  readonly requests: number;
  readonly slow: number;
  readonly hurt: number;
  readonly hurt_users: number;
  readonly hurt_without: number;
  readonly rescued: number;
  readonly rescued_users: number;
  readonly rescued_without: number;
  readonly failures: readonly IncidentFailure[] | null;
}

/** So many first attempts are read, the newest: far more than a rollback takes to be decided by. */
const mostRead = 100_000;
const mostKinds = 50;

/** Who was hurt by these arms, and who was rescued from it: by their first attempts, and by jobs that failed at their end. */
export function readHarm(sql: Sql, split: string, query: HarmQuery): Promise<Harm> {
  return readWithin(sql, 'counting who was hurt', async (tx) => {
    const [row] = await harmQuery(tx, split, query);
    if (row === undefined) throw new Error('Nothing was counted.');
    return {
      harm: {
        whole: row.requests < mostRead,
        requests: row.requests,
        hurt: { requests: row.hurt, users: row.hurt_users, without_user: row.hurt_without },
        rescued: { requests: row.rescued, users: row.rescued_users, without_user: row.rescued_without },
        slow: query.slowFromMs === null ? null : row.slow,
      },
      failures: row.failures ?? [],
    };
  });
}

function harmQuery(db: Tx, split: string, { fromMs, toMs, arms, slowFromMs }: HarmQuery) {
  const { route, ok, failed } = typesOf(split);
  const at = (ms: number) => db`to_timestamp(${ms}::float8 / 1000)`;
  return db<Row[]>`
    with seen as materialized (
      select a.created_at as at, a.event_type = ${route} as is_attempt, a.event_data as data, ${armOf(db)} as arm,
        a.event_data ->> 'request_id' as id
      from public.analytics_logs a
      where a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs)} ${ofSplit(db, split)}
        and ${armOf(db)} in (select jsonb_array_elements_text(${JSON.stringify(arms)}::text::jsonb))
        and (a.event_type = ${route} and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
          or a.event_type = ${failed} and a.event_data ->> 'phase' = 'end'
            and coalesce(a.event_data ->> 'outcome' not in ('cancelled', 'refused'), true))
      order by a.created_at desc limit ${mostRead}
    ),
    bad as materialized (
      select s.*, coalesce(s.data ->> 'error_kind', 'unknown') as kind, s.data ->> 'model' as model,
        s.data ->> 'user_hash' as user_hash, s.is_attempt and (
          select true from public.analytics_logs g
          where g.event_type = ${ok} and g.event_data ->> 'request_id' = s.id
            and g.created_at >= s.at - interval '1 second' and g.created_at < s.at + interval '1 day' limit 1) is not null as is_rescued
      from seen s where s.data ->> 'error' is not null
    ),
    kinds as (
      select b.arm, b.kind, b.model, count(*)::int as requests, count(*) filter (where b.is_rescued)::int as rescued,
        (array_agg(jsonb_build_object('request_id', b.id, 'at', to_char(b.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'error', left(b.data ->> 'error', 300)) order by b.at desc) filter (where b.id is not null))[1] as example
      from bad b group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit ${mostKinds}
    )
    select
      (select count(*) filter (where s.is_attempt) from seen s)::int as requests,
      (select count(*) from seen s where s.is_attempt and case when jsonb_typeof(s.data -> 'latency_ms') = 'number'
        then (s.data -> 'latency_ms')::float8 end >= ${slowFromMs}::float8)::int as slow,
      count(*) filter (where not b.is_rescued)::int as hurt,
      count(distinct b.user_hash) filter (where not b.is_rescued)::int as hurt_users,
      count(*) filter (where not b.is_rescued and b.user_hash is null)::int as hurt_without,
      count(*) filter (where b.is_rescued)::int as rescued,
      count(distinct b.user_hash) filter (where b.is_rescued)::int as rescued_users,
      count(*) filter (where b.is_rescued and b.user_hash is null)::int as rescued_without,
      (select jsonb_agg(to_jsonb(k) order by k.requests desc, k.arm, k.kind, k.model) from kinds k) as failures
    from bad b`;
}

/** When the last request was sent to one of them by its draw: a row is written when its attempt has ended. */
export function lastRequest(sql: Sql, split: string, { fromMs, toMs, arms }: HarmQuery): Promise<number | null> {
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  return readWithin(sql, 'reading the last request', async (tx) => {
    const [row] = await tx<{ ms: number | null }[]>`
      select max(r.sent_ms) as ms from (
        select extract(epoch from a.created_at)::float8 * 1000
          - case when jsonb_typeof(a.event_data -> 'latency_ms') = 'number' then (a.event_data -> 'latency_ms')::float8 else 0 end as sent_ms
        from public.analytics_logs a
        where a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs + slowestMs)} and a.event_type = ${typesOf(split).route}
          ${ofSplit(tx, split)} and coalesce(a.event_data -> 'attempt', 'null') in ('1', 'null')
          and (a.event_data -> 'pinned') is distinct from 'true'
          and ${armOf(tx)} in (select jsonb_array_elements_text(${JSON.stringify(arms)}::text::jsonb))
        order by a.created_at desc limit ${mostRead}
      ) r where r.sent_ms <= ${toMs}::float8`;
    return row?.ms ?? null;
  });
}

/** An attempt has ended after this. */
const slowestMs = 120_000;
