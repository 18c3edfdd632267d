import type { Sql } from '@/lib/postgres/sql';
import type { VerdictKind } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';

/** What the last tick said of one candidate's red line. */
export interface SplitLine {
  /** The slug. */
  readonly split: string;
  readonly arm: string;
  readonly metric: Metric;
  readonly verdict: VerdictKind;
  readonly value: number | null;
  readonly limit: number | null;
  readonly breachedForSeconds: number;
}

/** Of the first so many splits as the list has them; an older verdict than three minutes is none. */
export function listLines(sql: Sql, mostSplits: number): Promise<readonly SplitLine[]> {
  return sql<SplitLine[]>`
    select s.slug as split, l ->> 'arm' as arm, l ->> 'metric' as metric, l ->> 'verdict' as verdict,
      (l ->> 'value')::float8 as value, (l ->> 'limit')::float8 as "limit",
      coalesce((l ->> 'breachedForSeconds')::float8, 0) as "breachedForSeconds"
    from (
      select p.key, p.slug from sluice.splits p where p.archived_at is null
      order by p.is_default desc, p.slug limit ${mostSplits}) s
    cross join lateral (
      select k.decision from sluice.ticks k
      where k.split = s.key and k.error is null and k.slot > now() - interval '3 minutes'
      order by k.slot desc limit 1) t
    cross join lateral jsonb_array_elements(t.decision -> 'lines') l
    where l ->> 'arm' is not null`;
}
