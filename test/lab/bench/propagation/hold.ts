import { setTimeout as wait } from 'node:timers/promises';
import type { Sql } from '@/lib/postgres/sql';
import type { Fleet } from './fleet';
import { writeWeights } from './writes';

const windowSeconds = 10;
const holdSeconds = 10;
const gridMs = 10_000;
const everyMs = 250;

/** The shipped rule with a hold that a bench can wait for. */
export async function shortenHold(sql: Sql): Promise<void> {
  const seconds = { window: `${windowSeconds}s`, hold: `${holdSeconds}s` };
  const policy = JSON.stringify({ redLines: [{ metric: 'failure_rate', limit: 0.02, ...seconds }] });
  await sql`
    insert into public.feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values ('GEN_ROLLOUT_POLICY', true, ${policy}, 'bench', now(), now())
    on conflict (flag_key) do update set flag_value_text = ${policy}, updated_at = now()`;
}

/**
 * The candidate fails from some moment on; its line is then crossed at every instant of the ten-second grid. From the
 * end of the hold on that grid until the last instance routes by the rollback, in seconds.
 */
export async function measureHold(sql: Sql, fleet: Fleet): Promise<number> {
  const version = await writeWeights(sql, { fal: 0.9, runware: 0.1 });
  await fleet.seen(version);
  await wait(2000 + Math.random() * 6000);
  const failingFromMs = Date.now();
  const firstCrossingMs = Math.ceil(failingFromMs / gridMs) * gridMs;
  const heldAtMs = firstCrossingMs + holdSeconds * 1000;
  let isOver = false;
  const traffic = (async () => {
    while (!isOver) {
      await fail(sql);
      await wait(everyMs);
    }
  })();
  const { seen } = await fleet.next(version);
  isOver = true;
  await traffic;
  return (Math.max(...seen.map(({ atMs }) => atMs)) - heldAtMs) / 1000;
}

/** A breath of traffic: the candidate's requests fail, the baseline's do not. */
const fail = (sql: Sql) => sql`
  insert into public.analytics_logs (event_type, event_data)
  select 'gen_route', jsonb_build_object('request_id', gen_random_uuid(), 'attempt', 1, 'latency_ms', 300,
      'provider', p, 'assigned', p) || case when p = 'runware' then '{"error":"HTTP 503","error_kind":"provider_5xx"}'::jsonb
      else '{"cost_per_image":0.003}'::jsonb end
  from generate_series(1, 10) i, lateral (select case when i <= 3 then 'runware' else 'fal' end as p) named`;
