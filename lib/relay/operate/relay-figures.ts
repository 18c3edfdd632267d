import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

const withinMs = 5000;

/** What went through one arm of a relay lately. */
interface RelayFigures {
  readonly split: string;
  readonly arm: string;
  /** Of which dialects with jobs count creates alone. */
  readonly creates: number;
  readonly failures: number;
  /** Jobs whose answer named no id that can be read. */
  readonly untracked: number;
}

/** By the sums of buckets, and by the index of untracked jobs: the log itself is not read. */
export async function relayFigures(sql: Sql, sinceMs: number, untilMs: number): Promise<readonly RelayFigures[]> {
  const since = sql`to_timestamp(${sinceMs}::float8 / 1000)`;
  const until = sql`to_timestamp(${untilMs}::float8 / 1000)`;
  const query = sql<RelayFigures[]>`
    select a.split, a.name as arm, f.requests::float8 as creates, f.failures::float8 as failures,
      coalesce(u.jobs, 0)::float8 as untracked
    from sluice.splits s join sluice.arms a on a.split = s.key
    left join sluice.untracked_since(${since}) u on u.split = a.split and u.arm = a.name,
    lateral sluice.sums_of(a.split, a.name, ${since}, ${until}) f
    where s.kind = 'relay' and s.archived_at is null order by a.split, a.name`;
  return queryWithin(withinMs, query, 'adding up what relays did');
}
