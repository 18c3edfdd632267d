import type { Sql } from '@/lib/postgres/sql';

export interface TestSplit {
  readonly key: string;
  readonly slug: string;
  /** Arm → provider; the first is the baseline, the others are candidates. */
  readonly arms?: Readonly<Record<string, string>>;
}

/** Registers a split with a policy of two stages, at rest. */
export async function addSplit(
  sql: Sql,
  { key, slug, arms = { old: 'fal', new: 'runware' } }: TestSplit,
): Promise<void> {
  const [baseline = '', ...candidates] = Object.keys(arms);
  const rollback = weightsOf(baseline, candidates, 0);
  const policy = {
    baseline,
    ...(candidates.length === 1 ? { candidate: candidates[0] } : { candidates }),
    stages: [
      { name: 'D1', weights: weightsOf(baseline, candidates, 0.1), observe: '1h' },
      { name: 'D2', weights: weightsOf(baseline, candidates, 0.3), observe: null },
    ],
    rollback,
  };
  await sql`insert into sluice.splits (key, slug, kind, label) values (${key}, ${slug}, 'image', ${slug})`;
  for (const [arm, provider] of Object.entries(arms))
    await sql`insert into sluice.arms (split, name, provider) values (${key}, ${arm}, ${provider})`;
  await sql`
    insert into feature_flags (flag_key, flag_value, flag_value_text)
    values (sluice.policy_key(${key}), false, ${JSON.stringify(policy)})`;
  await writeSplit(sql, key, rollback);
}

export async function writeSplit(sql: Sql, key: string, weights: object): Promise<void> {
  const text = JSON.stringify(weights);
  await sql`
    insert into feature_flags (flag_key, flag_value, flag_value_text) values (${key}, false, ${text})
    on conflict (flag_key) do update set flag_value_text = ${text}, updated_at = now()`;
}

function weightsOf(baseline: string, candidates: readonly string[], share: number): Record<string, number> {
  const left = Math.round((1 - share * candidates.length) * 1e9) / 1e9;
  return { [baseline]: left, ...Object.fromEntries(candidates.map((arm) => [arm, share])) };
}

/** The guards let nothing of this through: as a restored dump, or a guard that was dropped, would leave it. */
export async function pastTheGuard(sql: Sql, statement: string): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe('alter table public.feature_flags disable trigger all');
    await tx.unsafe(statement);
    const triggers = await tx<{ name: string }[]>`
      select tgname as name from pg_trigger where tgrelid = 'public.feature_flags'::regclass and not tgisinternal`;
    for (const { name } of triggers) await tx.unsafe(`alter table public.feature_flags enable always trigger ${name}`);
  });
}
