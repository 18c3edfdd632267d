import type { MetricsView } from '@/lib/api/metrics-view';
import type { Sql } from '@/lib/postgres/sql';

type Counts = Record<string, Record<string, number>>;

interface Counted {
  readonly outer: string;
  readonly inner: string;
  readonly count: number;
}

/** Failures by provider and kind over (fromMs, toMs]. */
export async function failureKinds(sql: Sql, split: string, fromMs: number, toMs: number): Promise<Counts> {
  const rows = await sql<Counted[]>`
    select k.provider as outer, k.kind as inner, k.failures::float8 as count
    from sluice.failure_kinds_of(${split}, to_timestamp(${fromMs}::float8 / 1000), to_timestamp(${toMs}::float8 / 1000)) k`;
  return nest(rows);
}

/** Priced rows by provider and cost basis; of jobs those that ended, whose cost their end says. */
export async function costBases(sql: Sql, split: string, fromMs: number, toMs: number): Promise<Counts> {
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  // Of other splits nothing in the log is looked at, however many rows they have there: relays may have jobs.
  const hasJobs = sql`(select s.kind = 'job' or s.kind = 'relay' and exists (
    select from sluice.jobs j where j.split = s.key) from sluice.splits s where s.key = ${split})`;
  const [rows, jobs] = await Promise.all([
    sql<Counted[]>`
      select b.provider as outer, b.basis as inner, b.priced::float8 as count
      from sluice.cost_bases_of(${split}, ${at(fromMs)}, ${at(toMs)}) b`,
    // By type apart: each finds an index of its own.
    sql<Counted[]>`
      with ended as (
        select a.event_data from public.analytics_logs a
        where ${hasJobs} and a.event_type = 'split_ok' and a.event_data ->> 'split' = ${split}
          and a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs)}
        union all
        select a.event_data from public.analytics_logs a
        where ${hasJobs} and a.event_type = 'split_failed' and a.event_data ->> 'split' = ${split}
          and a.created_at > ${at(fromMs)} and a.created_at <= ${at(toMs)} and a.event_data ->> 'cost_usd' is not null
      )
      select coalesce(e.event_data ->> 'arm', '') as outer, case when e.event_data ->> 'cost_usd' is null then 'unpriced'
          else left(coalesce(e.event_data ->> 'cost_basis', 'unknown'), 64) end as inner, count(*)::float8 as count
      from ended e where e.event_data ->> 'phase' = 'end' and sluice.doubt_of(e.event_data) = ''
      group by 1, 2 order by 1, 3 desc, 2`,
  ]);
  return nest([...rows, ...jobs]);
}

/** The newest failures with their words, newest first. */
export async function failureExamples(
  sql: Sql,
  split: string,
  fromMs: number,
  toMs: number,
  most = 20,
): Promise<MetricsView['failure_examples']> {
  const rows = await sql<{ at: Date; provider: string; kind: string; error: string; request_id: string | null }[]>`
    select e.at, e.provider, e.kind, e.error, e.request_id
    from sluice.failure_examples_of(${split}, to_timestamp(${fromMs}::float8 / 1000), to_timestamp(${toMs}::float8 / 1000), ${most}) e`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

function nest(rows: readonly Counted[]): Counts {
  const nested: Counts = {};
  for (const { outer, inner, count } of rows) nested[outer] = { ...nested[outer], [inner]: count };
  return nested;
}
