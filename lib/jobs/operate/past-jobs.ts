import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { withinMs } from './job-row';

/** The newest of them, so that it costs the same whatever the traffic. */
const mostRead = 2000;

interface PastJobs {
  /** Accepted ones, of all arms, and the minutes since the first of them. */
  readonly orders: number;
  readonly minutes: number;
  /** Of the baseline and old enough to be judged; a time without end is `Infinity`. */
  readonly jobs: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly cost_usd: number | null;
}

/**
 * How the jobs of a split went in the last seven days. Those are looked at that are as old as the line allows, as the rule
 * does: of younger ones the quick have ended and the slow have not.
 */
export async function pastJobs(sql: Sql, split: string, baseline: string, ageMs: number): Promise<PastJobs> {
  const query = sql<[PastJobs]>`
    select count(*)::int as orders, coalesce(extract(epoch from now() - min(n.created_at))::float8 / 60, 0) as minutes,
      count(n.took) filter (where n.is_baseline)::int as jobs,
      percentile_disc(0.5) within group (order by n.took) filter (where n.is_baseline) as p50_ms,
      percentile_disc(0.95) within group (order by n.took) filter (where n.is_baseline) as p95_ms,
      coalesce(avg(n.usd) filter (where n.is_baseline), avg(n.usd))::float8 as cost_usd
    from (
      select j.created_at, j.arm = ${baseline} as is_baseline, coalesce(j.cost_usd, j.hold_usd) as usd,
        case when j.created_at > now() - ${ageMs}::float8 * interval '1 millisecond' or j.state = 'cancelled' then null
          when j.state in ('completed', 'failed') then extract(epoch from j.ended_at - j.created_at)::float8 * 1000
          else 'infinity' end as took
      from sluice.jobs j
      where j.split = ${split} and j.created_at > now() - interval '7 days'
        and j.state in ('accepted', 'running', 'completed', 'failed', 'cancelled', 'expired')
      order by j.created_at desc, j.id desc limit ${mostRead}) n`;
  return (await queryWithin(withinMs, query, 'reading how jobs went'))[0];
}
