import type { InFlight } from '@/lib/api/jobs-view';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { withinMs } from './job-row';

/** Of any split. */
export interface OpenJobs extends Omit<InFlight, 'ends_by'> {
  readonly split: string;
  /** Of those that are not blocked. */
  readonly youngest_at_ms: number | null;
}

interface OpenFilter {
  readonly split?: string;
  readonly provider?: string | null;
}

/** By the index of what is due, which holds every job that has not ended and no other. */
export async function openJobs(sql: Sql, { split, provider = null }: OpenFilter = {}): Promise<readonly OpenJobs[]> {
  const query = sql<OpenJobs[]>`
    select j.provider, j.split, j.arm, count(*)::int as jobs,
      count(*) filter (where j.state = 'attempting')::int as attempting,
      count(*) filter (where j.state = 'accepted')::int as accepted,
      count(*) filter (where j.state = 'running')::int as running,
      count(*) filter (where j.state = 'unknown')::int as unknown,
      count(j.blocked)::int as blocked, min(j.blocked) as why,
      extract(epoch from now() - min(j.created_at))::float8 as oldest_seconds,
      1000 * extract(epoch from max(j.created_at) filter (where j.blocked is null))::float8 as youngest_at_ms,
      extract(epoch from now() - min(j.due_at) filter (where j.due_at < now()
        and (j.leased_until is null or j.leased_until < now())))::float8 as late_seconds
    from sluice.jobs j
    where j.due_at is not null and (${provider}::text is null or j.provider = ${provider})
      and (${split ?? null}::text is null or j.split = ${split ?? null})
    group by 1, 2, 3 order by 1, 2, 3`;
  return queryWithin(withinMs, query, 'counting jobs');
}

interface Again {
  readonly id?: string;
  readonly provider?: string;
  readonly split?: string;
}

/** Makes them due now, whatever was in the way; returns how many. A row that a process holds is passed over, not waited for. */
export async function lookAgain(sql: Sql, { id, provider, split }: Again): Promise<number> {
  const query = sql`
    update sluice.jobs j set due_at = now(), blocked = null
    where j.id in (
      select o.id from sluice.jobs o
      where o.due_at is not null and o.state <> 'attempting'
        and (${id ?? null}::uuid is null or o.id = ${id ?? null}::uuid)
        and (${provider ?? null}::text is null or o.provider = ${provider ?? null})
        and (${split ?? null}::text is null or o.split = ${split ?? null})
      for update ${id === undefined ? sql`skip locked` : sql``})`;
  return (await queryWithin(withinMs, query, 'asking for a look')).count;
}

/** Its provider is asked to stop at the next look, which is now; false: it has ended, or is not there. */
export async function askToStop(sql: Sql, id: string): Promise<boolean> {
  const query = sql`
    update sluice.jobs j set cancel_asked_at = coalesce(j.cancel_asked_at, now()),
      due_at = case j.state when 'attempting' then j.due_at else least(j.due_at, now()) end
    where j.id = ${id} and j.ended_at is null and j.deleted_at is null`;
  return (await queryWithin(withinMs, query, 'asking for a cancellation')).count === 1;
}

/** Tells the end once more, with as many tries as the first time; false: there is nothing to tell. */
export async function tellAgain(sql: Sql, id: string): Promise<boolean> {
  const query = sql<{ told: boolean }[]>`select sluice.tell_again(${id}) as told`;
  return (await queryWithin(withinMs, query, 'telling again'))[0]?.told ?? false;
}
