import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { withinMs } from './job-row';

/** So many of the newest are read, and of the newest that are old enough: it costs the same whatever the traffic. */
const mostRead = 2000;

interface PastJobs {
  /** Accepted ones, of all arms, and the minutes since the first of them. */
  readonly orders: number;
  readonly minutes: number;
  readonly cost_usd: number | null;
  /** Of the baseline and old enough to be judged, since so many hours; a time without end is `Infinity`. */
  readonly jobs: number;
  readonly hours: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

/**
 * How the jobs of a split went in the last seven days. How long they take is said by those that are as old as the line
 * allows, as the rule does: of younger ones the quick have ended and the slow have not.
 */
export async function pastJobs(sql: Sql, split: string, baseline: string, ageMs: number): Promise<PastJobs> {
  const accepted = sql`j.split = ${split} and j.created_at > now() - interval '7 days'
    and j.state in ('accepted', 'running', 'completed', 'failed', 'cancelled', 'expired')`;
  const newest = sql`order by j.created_at desc, j.id desc limit ${mostRead}`;
  const query = sql<[PastJobs]>`
    select n.orders, n.minutes, n.cost_usd, o.jobs, o.hours, o.p50_ms, o.p95_ms
    from (
      select count(*)::int as orders, coalesce(extract(epoch from now() - min(r.created_at))::float8 / 60, 0) as minutes,
        coalesce(avg(r.usd) filter (where r.arm = ${baseline}), avg(r.usd))::float8 as cost_usd
      from (select j.created_at, j.arm, coalesce(j.cost_usd, j.hold_usd) as usd from sluice.jobs j
        where ${accepted} ${newest}) r) n,
    (
      select count(r.took)::int as jobs, coalesce(extract(epoch from now() - min(r.created_at))::float8 / 3600, 0) as hours,
        percentile_disc(0.5) within group (order by r.took) as p50_ms,
        percentile_disc(0.95) within group (order by r.took) as p95_ms
      from (select j.created_at, j.arm, case when j.state = 'cancelled' then null
          when j.state in ('completed', 'failed') then extract(epoch from j.ended_at - j.created_at)::float8 * 1000
          else 'infinity' end as took
        from sluice.jobs j
        where ${accepted} and j.created_at <= now() - ${ageMs}::float8 * interval '1 millisecond' ${newest}) r
      where r.arm = ${baseline}) o`;
  return (await queryWithin(withinMs, query, 'reading how jobs went'))[0];
}
