import { performance } from 'node:perf_hooks';
import type { Control } from '@/lib/control/control';
import { judgeNow, readBuckets, readRolloutNow } from '@/lib/control/rollout/read-rollout-now';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import type { Controls } from '@/lib/control/splits/controls';
import { compact } from '@/lib/log/upkeep/maintenance';
import type { Sql } from '@/lib/postgres/sql';
import { runTick } from '@/lib/watch/run-tick';
import { insertEvents } from './fill-log';
import { type Processor, processorOf, spent } from './processor';

const batches = 40;
const slotSeconds = 10;
/** Not the slot's own: a tick on a busy machine is a slow tick here, never a failed one. */
const patience = { by: 'bench', intervalSeconds: slotSeconds, deadlineMs: 60_000 };

/** Processor time is that of the whole tick. */
export interface StepTimes extends Processor {
  readonly readMs: number;
  readonly judgeMs: number;
  readonly tickMs: number;
}

export interface Step {
  readonly sql: Sql;
  readonly controls: Controls;
  readonly rowsPerSecond: number;
  readonly agoSeconds: number;
}

/** D1, begun long enough ago that the longest look-back of the evidence is all rollout. */
export async function beginRollout(sql: Sql): Promise<void> {
  await sql`
    insert into public.feature_flags (flag_key, flag_value, flag_value_text)
    values ('GEN_PROVIDER_WEIGHTS', false, '{"fal":0.9,"runware":0.1}')`;
  await sql`alter table public.feature_flags disable trigger all`;
  await sql`
    update public.feature_flags set rollout_started_at = now() - interval '5 hours',
      stage_started_at = now() - interval '5 hours' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await sql`alter table public.feature_flags enable trigger all`;
}

/**
 * Ten more seconds of events as writers send them, four batches a second; then what a watchdog does: it judges, and
 * folds what is settled afterwards. Judged twice, bare and as a whole tick, by two readers that remember.
 */
export async function takeStep(
  { sql, controls, rowsPerSecond, agoSeconds }: Step,
  known: RolloutNow,
): Promise<StepTimes> {
  const rows = Math.ceil((rowsPerSecond * slotSeconds) / batches);
  for (let batch = 0; batch < batches; batch += 1) {
    const seconds = slotSeconds / batches;
    await insertEvents(sql, rows, seconds, agoSeconds + (batches - batch - 1) * seconds, batch);
  }
  await sql`delete from sluice.ticks`;
  const control: Control = controls.first;
  const now = { ...known, nowMs: Date.now() };
  const [readMs, buckets] = await timed(() => readBuckets(control.metrics, now));
  const [judgeMs] = await timed(() => judgeNow(control, { ...now, buckets }));
  const processor = await processorOf(sql, 'sluice bench tick');
  const before = processor();
  const [tickMs, outcome] = await timed(() => runTick(controls, patience));
  const used = spent(before, processor());
  if (outcome.result !== 'decided') throw new Error(`The tick did not decide: ${JSON.stringify(outcome)}`);
  await compact(sql);
  return { readMs, judgeMs, tickMs, ...used };
}

export async function timed<T>(work: () => PromiseLike<T>): Promise<[ms: number, result: T]> {
  const from = performance.now();
  const result = await work();
  return [performance.now() - from, result];
}

const warmUps = 50;

/** The first readings of both, as often as a watchdog has judged after eight minutes; and what they judge by. */
export async function warmUp(sql: Sql, controls: Controls): Promise<RolloutNow> {
  for (let i = 0; i < warmUps; i += 1) {
    await readRolloutNow(controls.first);
    await sql`delete from sluice.ticks`;
    await runTick(controls, patience);
  }
  return readRolloutNow(controls.first);
}
