import type { Control } from '@/lib/control/control';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { type OpenControl, openControl } from '@/lib/process/open-control';
import { runTick } from '@/lib/watch/run-tick';
import { type TestDatabase, testDatabase } from './database';

export interface TestRollout {
  readonly database: TestDatabase;
  readonly sql: Sql;
  readonly control: Control;
  readonly controls: OpenControl['controls'];
  /** The split's version now. */
  version(): Promise<number>;
  stage(): Promise<string>;
  tick(by?: string): ReturnType<typeof runTick>;
  /** As if the ticks so far had been so much earlier: the slot is free again, or the watchdog was down for a while. */
  age(seconds: number): Promise<void>;
  another(name: string): Promise<OpenControl>;
  close(): Promise<void>;
}

const split = 'GEN_PROVIDER_WEIGHTS';

/** A control plane on a database of its own; the split stands at `weights`, written as an operator would by SQL. */
export async function testRollout(weights = { fal: 0.9, runware: 0.1 }): Promise<TestRollout> {
  const database = await testDatabase();
  const { sql } = database;
  const opened = [await openControl(database.url, { name: 'test' })];
  const [{ control, controls }] = opened as [OpenControl];
  await writeWeights(sql, { fal: 1, runware: 0 });
  if (weights.runware > 0) await writeWeights(sql, weights);
  return {
    database,
    sql,
    control,
    controls,
    version: async () => (await control.flags.readSplit()).row?.version ?? 0,
    stage: async () => (await control.flags.readSplit()).row?.stage ?? 'none',
    tick: (by = 'test') => runTick(controls, { by, intervalSeconds: 10, deadlineMs: 8000 }),
    async age(seconds) {
      const move = async (by: number) => {
        const earlier = sql`slot = slot - make_interval(secs => ${by}), at = at - make_interval(secs => ${by})`;
        await sql`update sluice.ticks set ${earlier}`;
        await sql`update sluice.passes set ${earlier}`;
      };
      // By way of long ago: on the way one slot must not meet another that was made older before.
      await move(1e9);
      await move(seconds - 1e9);
    },
    async another(name) {
      const one = await openControl(database.url, { name });
      opened.push(one);
      return one;
    },
    async close() {
      await Promise.all(opened.map((each) => each.close()));
      await database.close();
    },
  };
}

/** The plan's own statement. */
export async function writeWeights(sql: Sql, weights: object): Promise<void> {
  const text = JSON.stringify(weights);
  await sql`
    insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values (${split}, false, ${text}, 'by hand', now(), now())
    on conflict (flag_key) do update set flag_value_text = ${text}, updated_at = now()`;
}

/** Moves the rollout's clocks and journal into the past, which no write may do: the triggers are off meanwhile. */
export async function backdate(sql: Sql, seconds: number): Promise<void> {
  await sql.begin(async (tx) => {
    await withoutTriggers(tx, 'public.feature_flags', async () => {
      await tx`
        update feature_flags set stage_started_at = stage_started_at - make_interval(secs => ${seconds}),
          rollout_started_at = rollout_started_at - make_interval(secs => ${seconds})
        where flag_key = ${split}`;
    });
    await withoutTriggers(tx, 'sluice.journal', async () => {
      await tx`update sluice.journal set at = at - make_interval(secs => ${seconds})`;
    });
  });
}

/** What is wrong with the journal, except for the entries that `backdate` has falsified. */
export async function journalFaults({ control, sql }: TestRollout): Promise<unknown[]> {
  const rows = await sql<
    { seq: number }[]
  >`select j.seq from sluice.journal j where j.at < now() - interval '10 minutes'`;
  const falsified = new Set(rows.map(({ seq }) => seq));
  return (await control.journal.faults()).filter(({ seq }) => !falsified.has(seq));
}

async function withoutTriggers(tx: Tx, table: string, work: () => Promise<void>): Promise<void> {
  await tx.unsafe(`alter table ${table} disable trigger all`);
  await work();
  const triggers = await tx<{ name: string }[]>`
    select tgname as name from pg_trigger where tgrelid = ${table}::regclass and not tgisinternal`;
  for (const { name } of triggers) await tx.unsafe(`alter table ${table} enable always trigger ${name}`);
}

export interface Traffic {
  readonly provider?: string;
  /** How long ago the span begins and ends. */
  readonly fromSecondsAgo: number;
  readonly toSecondsAgo?: number;
  readonly perMinute?: number;
  /** Every n-th request fails; 0: none. */
  readonly failEvery?: number;
  readonly latencyMs?: number;
  readonly costUsd?: number;
}

/** First attempts, evenly spread, as the data plane would have logged them. */
export async function logTraffic(sql: Sql, traffic: Traffic): Promise<void> {
  const { provider = 'runware', fromSecondsAgo, toSecondsAgo = 0, perMinute = 60, failEvery = 0 } = traffic;
  const { latencyMs = 1200, costUsd = 0.003 } = traffic;
  const count = Math.round(((fromSecondsAgo - toSecondsAgo) / 60) * perMinute);
  await sql`
    insert into analytics_logs (event_type, event_data, created_at, arrived_at)
    select 'gen_route', jsonb_build_object('request_id', gen_random_uuid(), 'attempt', 1, 'provider', ${provider}::text,
      'assigned', ${provider}::text, 'latency_ms', ${latencyMs}::float8, 'images', 1, 'model', 'flux-schnell')
      || case when ${failEvery}::int > 0 and i % greatest(${failEvery}::int, 1) = 0
        then '{"error": "upstream said 500", "error_kind": "provider_5xx"}'
        else jsonb_build_object('cost_per_image', ${costUsd}::float8) end,
      at, at
    from generate_series(1, ${count}::int) i,
      lateral (select now() - make_interval(secs => ${fromSecondsAgo}::float8 - (i - 0.5) * ${60 / perMinute}::float8) as at) t`;
  await sql`
    insert into analytics_logs (event_type, event_data, created_at, arrived_at)
    select 'gen_ok', jsonb_build_object('request_id', gen_random_uuid(), 'provider', ${provider}::text),
      at, at
    from generate_series(1, ${count}::int) i,
      lateral (select now() - make_interval(secs => ${fromSecondsAgo}::float8 - (i - 0.5) * ${60 / perMinute}::float8) as at) t`;
}

/** A D1 that may be left: an hour served, enough healthy requests of both, and the watchdog at work. */
export async function healthyStage(rollout: TestRollout): Promise<void> {
  await backdate(rollout.sql, 3700);
  await logTraffic(rollout.sql, { fromSecondsAgo: 3660, perMinute: 10 });
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 3660, perMinute: 30 });
  const outcome = await rollout.tick();
  if (outcome.result !== 'decided') throw new Error(`The tick did not decide: ${JSON.stringify(outcome)}`);
}
