import type { Sql } from '@/lib/postgres/sql';
import { backdateSplit } from '@/test/support/splits';

const gen = 'GEN_PROVIDER_WEIGHTS';

/** The story of the pictures: an hour of D1 that goes well, then Runware begins to fail. */
export async function seedRollout(sql: Sql): Promise<void> {
  const hour = { seconds: 3000, failEvery: 140 };
  await moveWeights(sql, {
    weights: { fal: 0.9, runware: 0.1 },
    by: 'operator:ann',
    reason: 'Start of D1, see the plan',
    secondsAgo: 52 * 60,
  });
  await seedTraffic(sql, {
    ...hour,
    arm: 'fal',
    provider: 'fal',
    perMinute: 54,
    latencyMs: 4200,
    costUsd: 0.025,
    vouchersEvery: 44,
  });
  await seedTraffic(sql, {
    ...hour,
    arm: 'runware',
    provider: 'runware',
    perMinute: 6,
    latencyMs: 3100,
    costUsd: 0.0131,
    failEvery: 120,
    vouchersEvery: 48,
  });
}

/** Who is told and who may sign in, for the picture of the settings. */
export async function seedPeople(sql: Sql): Promise<void> {
  await sql`
    insert into sluice.alert_channels (kind, url, secret, created_by) values
      ('slack', 'https://hooks.slack.com/services/x', null, 'operator:ann'),
      ('webhook', 'https://ops.example.com/sluice', 'not-a-real-secret', 'cli:wen')`;
  await sql`
    insert into sluice.operators (name, role, token_hash, expires_at, created_by, last_used_at, revoked_at) values
      ('ann', 'operator', 'a', now() + interval '80 days', 'operator:admin', now() - interval '3 minutes', null),
      ('night-shift', 'viewer', 'b', null, 'operator:ann', null, null),
      ('wen', 'operator', 'c', null, 'operator:admin', now() - interval '40 days', now() - interval '9 days')`;
}

/** The last tick again, once a minute before it, with figures a little apart: an hour in which somebody watched. */
export async function seedTicks(sql: Sql): Promise<void> {
  await sql`
    insert into sluice.ticks (split, slot, at, by, interval_seconds, duration_ms, action, decision, policy_version, weights_version)
    select t.split, t.slot - ago, t.at - ago, t.by, t.interval_seconds, t.duration_ms, 'none',
      jsonb_set(t.decision, '{lines}', (
        select jsonb_agg(l || jsonb_build_object(
          'value', case l ->> 'metric' when 'failure_rate' then 0.012 * random()
            else (l ->> 'value')::float8 * (0.9 + 0.2 * random()) end,
          'baselineValue', (l ->> 'baselineValue')::float8 * (0.93 + 0.14 * random())))
        from jsonb_array_elements(t.decision -> 'lines') l)), t.policy_version, t.weights_version
    from (select * from sluice.ticks where decision is not null order by slot desc limit 1) t,
      lateral (select i * interval '1 minute' as ago from generate_series(1, 50) i) a
    on conflict do nothing`;
}

/** Half of Runware's requests fail since so long ago, slowly; FAL answers for three in four of them. */
export async function seedRegression(sql: Sql, seconds: number): Promise<void> {
  await sql`
    with failing as (
      select i, 'bad-' || i as id, now() - make_interval(secs => ${seconds}::float8 - i * 10) as at,
        jsonb_build_object('request_id', 'bad-' || i, 'caller', (array['shop', 'studio'])[1 + i % 2], 'model', 'flux-schnell',
          'user_hash', 'user-' || i % 31, 'size', '1024x1024', 'stage', 'D1', 'assigned', 'runware') as common
      from generate_series(0, ${Math.floor(seconds / 10)}::int) i
    )
    insert into public.analytics_logs (event_type, event_data, created_at)
    select 'gen_route', f.common || jsonb_build_object('attempt', 1, 'provider', 'runware', 'arm', 'runware',
      'latency_ms', 6200 + 5200 * random(), 'weights_version', 2, 'provider_request_id', md5(f.id), 'mapped', '["size"]'::jsonb,
      'error', case when i % 3 = 0 then 'no answer in 30 s' else 'inference cluster overloaded' end,
      'error_kind', case when i % 3 = 0 then 'timeout' else 'provider_5xx' end), f.at from failing f
    union all
    select t.type, f.common || jsonb_build_object('attempt', 2, 'attempts', 2, 'provider', 'fal', 'arm', 'fal', 'images', 1,
      'latency_ms', t.ms, 'cost_per_image', 0.025, 'cost_usd', 0.025, 'cost_basis', 'units_x_price'), f.at + interval '4 seconds'
    from failing f, (values ('gen_route', 3900), ('gen_ok', 12400)) t (type, ms) where f.i % 4 <> 0
    union all
    select 'gen_failed', f.common || jsonb_build_object('attempts', 1, 'provider', 'runware', 'arm', 'runware',
      'outcome', 'unknown', 'error', 'no answer in 30 s', 'latency_ms', 30000), f.at from failing f where f.i % 4 = 0`;
}

interface Move {
  readonly split?: string;
  readonly weights: object;
  readonly by: string;
  readonly reason: string;
  readonly secondsAgo?: number;
}

/** As an operator would by SQL, so long ago: no write may move the rollout's clocks, and pictures need hours that nobody waits for. */
export async function moveWeights(sql: Sql, { split = gen, weights, by, reason, secondsAgo = 0 }: Move): Promise<void> {
  const text = JSON.stringify(weights);
  await sql.begin(async (tx) => {
    await tx`select set_config('sluice.actor', ${by}, true), set_config('sluice.reason', ${reason}, true),
      set_config('sluice.verb', 'advance', true)`;
    await tx`
      insert into public.feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      values (${split}, false, ${text}, 'Provider weights', now(), now())
      on conflict (flag_key) do update set flag_value_text = ${text}, updated_at = now()`;
  });
  if (secondsAgo === 0) return;
  await backdateSplit(sql, split, secondsAgo);
  await sql.begin(async (tx) => {
    await tx`alter table sluice.journal disable trigger all`;
    await tx`update sluice.journal set at = at - make_interval(secs => ${secondsAgo}) where flag_key = ${split}`;
    const triggers = await tx<{ name: string }[]>`
      select tgname as name from pg_trigger where tgrelid = 'sluice.journal'::regclass and not tgisinternal`;
    for (const { name } of triggers) await tx`alter table sluice.journal enable always trigger ${tx(name)}`;
  });
}

interface Traffic {
  readonly split?: string;
  readonly arm: string;
  readonly provider: string;
  /** Evenly over so long, up to now or to when it ended. */
  readonly seconds: number;
  readonly endedSecondsAgo?: number;
  readonly perMinute: number;
  readonly latencyMs?: number;
  readonly costUsd?: number;
  /** Every n-th of them. */
  readonly failEvery?: number;
  readonly vouchersEvery?: number;
}

/** Requests of one arm with what they ended as, as the data plane would have logged them. */
export async function seedTraffic(sql: Sql, traffic: Traffic): Promise<void> {
  const { split = gen, arm, provider, seconds, endedSecondsAgo = 0, perMinute } = traffic;
  const { latencyMs = 4000, costUsd = 0.02, failEvery = 130, vouchersEvery = 46 } = traffic;
  const [attempt, made] = split === gen ? ['gen_route', 'gen_ok'] : ['split_route', 'split_ok'];
  await sql`
    with asked as (
      select i, i % ${failEvery}::int = 0 as is_bad,
        now() - make_interval(secs => ${seconds + endedSecondsAgo}::float8 - (i - 0.5) * ${60 / perMinute}::float8) as at,
        jsonb_build_object('request_id', gen_random_uuid(),
          'split', ${split}::text, 'arm', ${arm}::text, 'assigned', ${arm}::text, 'provider', ${provider}::text,
          'model', 'flux-schnell', 'size', '1024x1024', 'caller', (array['shop', 'studio', 'batch'])[1 + i % 3],
          'user_hash', 'user-' || i % 97, 'stage', 'D1',
          'cost_basis', case ${provider}::text when 'fal' then 'units_x_price' else 'billed' end,
          'latency_ms', ${latencyMs}::float8 * (0.55 + 0.35 * random() + 0.08 * sin(i / 60.0))) as data
      from generate_series(1, ${Math.round((seconds / 60) * perMinute)}::int) i
    )
    insert into public.analytics_logs (event_type, event_data, created_at)
    select ${attempt}::text, a.data || jsonb_build_object('attempt', 1) || case when a.is_bad
        then '{"error": "upstream said 500", "error_kind": "provider_5xx"}'
        else jsonb_build_object('cost_per_image', ${costUsd}::float8, 'images', 1) end, a.at
    from asked a
    union all
    select ${made}::text, a.data || jsonb_build_object('cost_usd', ${costUsd}::float8), a.at from asked a where not a.is_bad
    union all
    select 'voucher_issued', a.data || jsonb_build_object('reason', 'regenerate'), a.at
    from asked a where a.i % ${vouchersEvery}::int = 0`;
}
