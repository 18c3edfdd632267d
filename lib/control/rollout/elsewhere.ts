import type { Sql } from '@/lib/postgres/sql';
import type { Blocker } from '@/lib/rule/blocker';
import type { Policy } from '@/lib/split/policy/policy';
import { isLive } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { LastGood } from '../flags/last-good';
import { selectSplits, storedSplitOf } from '../flags/stored-flags';

/** A rollout of another split that is on its way: not at rest, and not at its last stage. */
export interface Elsewhere {
  readonly slug: string;
  readonly stage: string;
  readonly providers: readonly string[];
}

export async function rolloutsElsewhere(sql: Sql, split: string): Promise<readonly Elsewhere[]> {
  const others = await sql<{ key: string; slug: string }[]>`
    select s.key, s.slug from sluice.splits s join public.feature_flags f on f.flag_key = s.key
    where s.key <> ${split} and s.archived_at is null and f.stage not in ('baseline', 'rolled_back') order by s.slug`;
  if (others.length === 0) return [];
  const keys = others.map(({ key }) => key);
  const rows = new Map((await selectSplits(sql, keys)).map((columns) => [columns.key, columns]));
  return others.flatMap(({ key, slug }) => {
    const columns = rows.get(key);
    if (columns === undefined) return [];
    try {
      const { policy } = new LastGood(key).learn(columns.policy, columns.registered);
      const { row, providers } = storedSplitOf(columns, policy);
      if (row === null || !isLive(row.weights, policy) || row.stage === policy.stages.at(-1)?.name) return [];
      const named = [policy.baseline, ...policy.candidates].map((arm) => providers[arm] ?? arm);
      return [{ slug, stage: row.stage, providers: [...new Set(named)] }];
    } catch {
      // What is wrong with another split is said there.
      return [];
    }
  });
}

interface Starting {
  readonly elsewhere?: readonly Elsewhere[];
  readonly row: RolloutState;
  readonly providers: Readonly<Record<string, string>>;
  readonly policy: { readonly policy: Policy };
}

/** Two rollouts that move the same provider's traffic hide what each of them does: said before the second starts. */
export function sharedProviders({ elsewhere, row, providers, policy: { policy } }: Starting): readonly Blocker[] {
  if (row.latched || isLive(row.weights, policy)) return [];
  const moved = [policy.baseline, ...policy.candidates].map((arm) => providers[arm] ?? arm);
  return (elsewhere ?? []).flatMap(({ slug, stage, providers: theirs }) => {
    const shared = [...new Set(moved)].filter((provider) => theirs.includes(provider));
    if (shared.length === 0) return [];
    const detail = `${slug} is at ${stage} and moves traffic of ${shared.join(' and ')} as well: what one rollout does could look like the other's doing.`;
    return [{ code: 'same_provider', detail, params: { split: slug, stage, providers: shared.join(', ') } }];
  });
}
