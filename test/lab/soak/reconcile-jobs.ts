import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '@/lib/postgres/sql';
import type { JobsSeen } from './jobs';
import type { RelayedSeen } from './relays';
import type { World } from './world';

export interface JobsKept {
  readonly rows: number;
  /** Rows that have not come to an end. */
  readonly open: number;
  /** Answered ids without a row, and jobs whose end their callers were never told. */
  readonly lost: number;
  readonly untold: number;
  /** Ended jobs that the log does not tell the end of exactly once. */
  readonly wrongEnds: number;
  /** What the vendors made and no row is bound to, and what they made twice. */
  readonly unbound: number;
  readonly twice: number;
  /** Relayed creates that were answered with an id that no row has, and whose end their callers were never told. */
  readonly lostRelayed: number;
  readonly untoldRelayed: number;
}

const settleWithinMs = 60_000;

/** What the database holds against what the callers and the vendors saw, once the last look has had its time. */
export async function reconcileJobs(
  { sql, sandbox, relays }: Pick<World, 'sql' | 'sandbox' | 'relays'>,
  seen: JobsSeen,
  relayed: RelayedSeen,
): Promise<JobsKept> {
  const untilMs = performance.now() + settleWithinMs;
  while (performance.now() < untilMs && (await countOpen(sql)) > 0) await sleep(500);
  const rows = await sql<{ id: string; upstream: string | null }[]>`
    select j.id, j.provider || ' ' || j.upstream_id as upstream from sluice.jobs j`;
  const known = new Set(rows.map(({ id }) => id));
  const bound = new Set(rows.map(({ upstream }) => upstream));
  const vendors = (['fal', 'runware'] as const).map((name) => [name, sandbox.jobs(name)] as const);
  const made = [...vendors, ['runway', relays.runway.jobs()] as const].flatMap(([name, jobs]) =>
    jobs.map(({ id, creates }) => ({ place: `${name} ${id}`, creates })),
  );
  return {
    ...{ rows: rows.length, open: await countOpen(sql), wrongEnds: await countWrongEnds(sql) },
    lost: [...seen.jobs.keys()].filter((id) => !known.has(id)).length,
    untold: [...seen.jobs.values()].filter((said) => said === null).length,
    unbound: made.filter(({ place }) => !bound.has(place)).length,
    twice: made.filter(({ creates }) => creates > 1).length,
    lostRelayed: [...relayed.tasks.keys()].filter((id) => !bound.has(`runway ${id}`)).length,
    untoldRelayed: [...relayed.tasks.values()].filter((said) => said === null).length,
  };
}

async function countOpen(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from sluice.jobs j where j.ended_at is null`;
  return row?.n ?? 0;
}

async function countWrongEnds(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    with told as (
      select a.event_data ->> 'job_id' as id, count(*)::int as times from public.analytics_logs a
      where a.event_type in ('split_ok', 'split_failed') and a.event_data ->> 'phase' = 'end' group by 1
    )
    select count(*)::int as n from sluice.jobs j left join told t on t.id = j.id::text
    where coalesce(t.times, 0) <> case when j.state in ('completed', 'failed', 'cancelled', 'expired') then 1 else 0 end`;
  return row?.n ?? 0;
}
