import type { Sql } from '@/lib/postgres/sql';
import type { LiveCalls } from '@/lib/split/live-calls';
import { shareOf, type Weights } from '@/lib/split/weights';

export interface ProviderCalls extends LiveCalls {
  readonly provider: string;
}

/** The last hour's calls of each provider that an arm with a share sends to. Empty where this role may not ask. */
export async function readCalls(sql: Sql): Promise<readonly ProviderCalls[]> {
  const [may] = await sql<{ ask: boolean | null }[]>`
    select has_table_privilege(to_regclass('sluice.arms'), 'select') and has_function_privilege(
      to_regprocedure('sluice.sums_of(text,text,timestamptz,timestamptz)'), 'execute') as ask`;
  if (!may?.ask) return [];
  const rows = await sql<(ProviderCalls & { readonly arm: string; readonly weights: string | null })[]>`
    select a.provider, a.name as arm, f.flag_value_text as weights, s.requests::float8, s.failures::float8
    from sluice.splits p
    join sluice.arms a on a.split = p.key
    join public.feature_flags f on f.flag_key = p.key
    cross join lateral sluice.sums_of(p.key, a.name, now() - interval '1 hour', now()) s
    where p.archived_at is null and s.requests > 0 order by a.provider`;
  const sent = rows.filter(({ arm, weights }) => shareOf(weightsIn(weights), arm) > 0);
  const names = [...new Set(sent.map(({ provider }) => provider))];
  return names.map((provider) => {
    const own = sent.filter((row) => row.provider === provider);
    const sum = (count: keyof LiveCalls) => own.reduce((total, row) => total + row[count], 0);
    return { provider, requests: sum('requests'), failures: sum('failures') };
  });
}

/** Weights that cannot be read have a line of their own. */
function weightsIn(text: string | null): Weights {
  try {
    return (JSON.parse(text ?? 'null') as Weights | null) ?? {};
  } catch {
    return {};
  }
}
