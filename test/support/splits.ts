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

interface SplitTraffic {
  readonly split: string;
  readonly arm: string;
  readonly provider: string;
  /** Evenly over so long, up to now or to when it ended. */
  readonly seconds: number;
  readonly endedSecondsAgo?: number;
  readonly perMinute: number;
  /** Every n-th fails; 0: none. */
  readonly failEvery: number;
}

/** First attempts of one arm, as the data plane would have logged them. */
export async function logSplitTraffic(sql: Sql, traffic: SplitTraffic): Promise<void> {
  const { split, arm, provider, seconds, perMinute, failEvery, endedSecondsAgo = 0 } = traffic;
  const beganSecondsAgo = seconds + endedSecondsAgo;
  await sql`
    insert into analytics_logs (event_type, event_data, created_at, arrived_at)
    select 'split_route', jsonb_build_object('request_id', gen_random_uuid(), 'attempt', 1, 'split', ${split}::text,
        'arm', ${arm}::text, 'assigned', ${arm}::text, 'provider', ${provider}::text, 'latency_ms', 1200, 'images', 1)
      || case when ${failEvery}::int > 0 and i % greatest(${failEvery}::int, 1) = 0
        then '{"error": "upstream said 500", "error_kind": "provider_5xx"}' else '{"cost_per_image": 0.003}' end::jsonb,
      at, at
    from generate_series(1, ${Math.round((seconds / 60) * perMinute)}::int) i,
      lateral (select now() - make_interval(secs => ${beganSecondsAgo}::float8 - (i - 0.5) * ${60 / perMinute}::float8) as at) t`;
}

/** As if the rollout of this split, and of each of its arms, had begun so much earlier; no write may do that. */
export async function backdateSplit(sql: Sql, split: string, seconds: number): Promise<void> {
  const earlier = (at: string) => `${at} - interval '${Math.round(seconds)} seconds'`;
  await pastTheGuard(
    sql,
    `update public.feature_flags set
      stage_started_at = ${earlier('stage_started_at')}, rollout_started_at = ${earlier('rollout_started_at')},
      rollout_arms = (select jsonb_object_agg(a.key, a.value || jsonb_build_object('rollout_started_at',
        ${earlier("(a.value ->> 'rollout_started_at')::timestamptz")})) from jsonb_each(rollout_arms) a)
    where flag_key = '${split}'`,
  );
}
