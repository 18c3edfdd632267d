import type { Sql } from '@/lib/postgres/sql';
import { type LiveCalls, liveSeconds, recentSeconds, saysEnough } from '@/lib/split/live-calls';
import { looselyRead, shareOf } from '@/lib/split/weights';

export interface ProviderCalls extends LiveCalls {
  readonly provider: string;
  /** Over which they were counted. */
  readonly seconds: number;
}

interface Row extends LiveCalls {
  readonly provider: string;
  readonly arm: string;
  readonly weights: string | null;
  readonly recentRequests: number;
  readonly recentFailures: number;
}

/**
 * The last five minutes' calls of each provider that an arm with a share sends to, or where they are rare the last
 * hour's. Empty where this role may not ask.
 */
export async function readCalls(sql: Sql): Promise<readonly ProviderCalls[]> {
  const [may] = await sql<{ ask: boolean | null }[]>`
    select has_table_privilege(to_regclass('sluice.arms'), 'select') and has_function_privilege(
      to_regprocedure('sluice.sums_of(text,text,timestamptz,timestamptz)'), 'execute') as ask`;
  if (!may?.ask) return [];
  const rows = await sql<Row[]>`
    select a.provider, a.name as arm, f.flag_value_text as weights, s.requests::float8, s.failures::float8,
      r.requests::float8 as "recentRequests", r.failures::float8 as "recentFailures"
    from sluice.splits p
    join sluice.arms a on a.split = p.key
    join public.feature_flags f on f.flag_key = p.key
    cross join lateral sluice.sums_of(p.key, a.name, now() - make_interval(secs => ${liveSeconds}), now()) s
    cross join lateral sluice.sums_of(p.key, a.name, now() - make_interval(secs => ${recentSeconds}), now()) r
    where p.archived_at is null and s.requests > 0 order by a.provider`;
  // Weights that cannot be read have a line of their own.
  const sent = rows.filter(({ arm, weights }) => shareOf(looselyRead(weights) ?? {}, arm) > 0);
  const names = [...new Set(sent.map(({ provider }) => provider))];
  return names.map((provider) => {
    const own = sent.filter((row) => row.provider === provider);
    const sum = (count: Exclude<keyof Row, 'provider' | 'arm' | 'weights'>) =>
      own.reduce((total, row) => total + row[count], 0);
    const recent = { requests: sum('recentRequests'), failures: sum('recentFailures') };
    if (saysEnough(recent)) return { provider, ...recent, seconds: recentSeconds };
    return { provider, requests: sum('requests'), failures: sum('failures'), seconds: liveSeconds };
  });
}
