import type { Sql } from '@/lib/postgres/sql';

const split = 'GEN_PROVIDER_WEIGHTS';

/** The story of the pictures: an hour of D1 that goes well, then Runware begins to fail. */
export async function seedRollout(sql: Sql): Promise<void> {
  await writeWeights(sql, { fal: 1, runware: 0 }, 'operator:wen', 'Everything on FAL before the rollout');
  await writeWeights(sql, { fal: 0.9, runware: 0.1 }, 'operator:ann', 'Start of D1, see the plan');
  await startEarlier(sql, 52 * 60);
  await traffic(sql, {
    provider: 'fal',
    perMinute: 54,
    latencyMs: 4200,
    costUsd: 0.025,
    failEvery: 140,
    vouchersEvery: 44,
  });
  await traffic(sql, {
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

/** Half of Runware's requests of the last eight minutes fail, slowly; FAL answers for three in four of them. */
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
    from (select * from sluice.ticks order by slot desc limit 1) t,
      lateral (select i * interval '1 minute' as ago from generate_series(1, 50) i) a`;
}

export async function seedRegression(sql: Sql): Promise<void> {
  await sql`
    with failing as (
      select i, 'bad-' || i as id, now() - make_interval(secs => 480 - i * 10) as at,
        jsonb_build_object('request_id', 'bad-' || i, 'caller', (array['shop', 'studio'])[1 + i % 2], 'model', 'flux-schnell',
          'user_hash', 'user-' || i % 31, 'size', '1024x1024', 'stage', 'D1', 'assigned', 'runware') as common
      from generate_series(1, 48) i
    )
    insert into public.analytics_logs (event_type, event_data, created_at)
    select 'gen_route', f.common || jsonb_build_object('attempt', 1, 'provider', 'runware', 'arm', 'runware',
      'latency_ms', 6200 + 5200 * random(), 'weights_version', 2, 'provider_request_id', md5(f.id), 'mapped', '["size"]'::jsonb,
      'error', case when i % 3 = 0 then 'no answer in 30 s' else 'inference cluster overloaded' end,
      'error_kind', case when i % 3 = 0 then 'timeout' else 'server' end), f.at from failing f
    union all
    select t.type, f.common || jsonb_build_object('attempt', 2, 'attempts', 2, 'provider', 'fal', 'arm', 'fal', 'images', 1,
      'latency_ms', t.ms, 'cost_per_image', 0.025, 'cost_usd', 0.025, 'cost_basis', 'units_x_price'), f.at + interval '4 seconds'
    from failing f, (values ('gen_route', 3900), ('gen_ok', 12400)) t (type, ms) where f.i % 4 <> 0
    union all
    select 'gen_failed', f.common || jsonb_build_object('attempts', 1, 'provider', 'runware', 'arm', 'runware',
      'outcome', 'unknown', 'error', 'no answer in 30 s', 'latency_ms', 30000), f.at from failing f where f.i % 4 = 0`;
}

async function writeWeights(sql: Sql, weights: object, actor: string, reason: string): Promise<void> {
  const text = JSON.stringify(weights);
  await sql.begin(async (tx) => {
    await tx`select set_config('sluice.actor', ${actor}, true), set_config('sluice.reason', ${reason}, true),
      set_config('sluice.verb', 'advance', true)`;
    await tx`
      insert into public.feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      values (${split}, false, ${text}, 'Provider weights', now(), now())
      on conflict (flag_key) do update set flag_value_text = ${text}, updated_at = now()`;
  });
}

/** No write may move the rollout's clocks; the pictures need an hour that nobody waits for. */
async function startEarlier(sql: Sql, seconds: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`alter table public.feature_flags disable trigger all`;
    await tx`update public.feature_flags set stage_started_at = stage_started_at - make_interval(secs => ${seconds}),
      rollout_started_at = rollout_started_at - make_interval(secs => ${seconds}) where flag_key = ${split}`;
    const triggers = await tx<{ name: string }[]>`
      select tgname as name from pg_trigger where tgrelid = 'public.feature_flags'::regclass and not tgisinternal`;
    await tx`alter table sluice.journal disable trigger all`;
    await tx`update sluice.journal set at = at - make_interval(secs => ${seconds})`;
    for (const { name } of triggers) await tx`alter table public.feature_flags enable always trigger ${tx(name)}`;
  });
}

interface Traffic {
  readonly provider: string;
  readonly perMinute: number;
  readonly latencyMs: number;
  readonly costUsd: number;
  readonly failEvery: number;
  readonly vouchersEvery: number;
}

async function traffic(
  sql: Sql,
  { provider, perMinute, latencyMs, costUsd, failEvery, vouchersEvery }: Traffic,
): Promise<void> {
  const count = 50 * perMinute;
  const step = 60 / perMinute;
  await sql`
    insert into public.analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_build_object('request_id', 'shot-' || ${provider}::text || i, 'attempt', 1,
      'provider', ${provider}::text, 'assigned', ${provider}::text, 'model', 'flux-schnell', 'size', '1024x1024',
      'caller', (array['shop', 'studio', 'batch'])[1 + i % 3], 'user_hash', 'user-' || i % 97, 'stage', 'D1',
      'cost_basis', case ${provider}::text when 'fal' then 'units_x_price' else 'billed' end,
      'latency_ms', ${latencyMs}::float8 * (0.55 + 0.35 * random() + 0.08 * sin(i / 60.0)))
      || case when i % ${failEvery}::int = 0 then '{"error": "upstream said 500", "error_kind": "server"}'
        else jsonb_build_object('cost_per_image', ${costUsd}::float8, 'images', 1) end,
      now() - make_interval(secs => 3000 - (i - 0.5) * ${step}::float8)
    from generate_series(1, ${count}::int) i`;
  await sql`
    insert into public.analytics_logs (event_type, event_data, created_at)
    select kind, jsonb_build_object('request_id', 'shot-' || ${provider}::text || i, 'reason', 'regenerate',
      'cost_usd', ${costUsd}::float8, 'latency_ms', ${latencyMs}::float8,
      'provider', case when i % ${failEvery}::int = 0 then 'fal' else ${provider}::text end), now() - make_interval(secs => 3000 - (i - 0.5) * ${step}::float8)
    from generate_series(1, ${count}::int) i, (values ('gen_ok'), ('voucher_issued')) k(kind)
    where kind = 'gen_ok' or i % ${vouchersEvery}::int = 0`;
}
