import { setTimeout as sleep } from 'node:timers/promises';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { rearm } from '@/lib/control/verbs/rearm';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { setWeights } from '@/lib/control/verbs/set-weights';
import type { World } from './world';

type Say = (line: string) => void;
type Shot = Awaited<ReturnType<typeof readSnapshot>>;

/** What happened inside; null: it did not. */
export interface Events {
  databaseBackMs: number | null;
  watchdogBackMs: number | null;
  rolledBackMs: number | null;
}

const actor = 'operator:soak';
const line = { window: '10s', hold: '10s' };
/** The default plan with windows of seconds: the same rule, sooner. */
const policy = {
  stages: [
    { name: 'D1', weights: { fal: 0.9, runware: 0.1 }, observe: '20s' },
    { name: 'D2', weights: { fal: 0.5, runware: 0.5 }, observe: '20s' },
    { name: 'D3', weights: { fal: 0, runware: 1 }, observe: null },
  ],
  redLines: [
    // A slow machine is not a slow provider.
    { metric: 'p95_latency_ms', limit: 25_000, ...line },
    { metric: 'failure_rate', limit: 0.02, ...line },
    { metric: 'cost_per_image', timesBaseline: 1.2, window: '1m', hold: '20s' },
    { metric: 'regenerate_voucher_rate', limit: 0.05, window: '1m', hold: '20s' },
  ],
  minRequests: 20,
};

const waitWithinMs = 120_000;

/** Everything stands at the baseline, by a policy of short windows. */
export async function prepare({ control }: World): Promise<void> {
  await savePolicy(control, { policy, expectedVersion: 0, reason: 'a soak', confirm: true, actor });
  const weights = { fal: 1, runware: 0 };
  await setWeights(control, { weights, expectedVersion: 0, reason: 'everything at FAL', override: false, actor });
}

/** Rollout, database restart, watchdog kill and rollback, at fixed shares of the run. */
export async function tellStory(world: World, minutes: number, say: Say, signal: AbortSignal): Promise<Events> {
  const beganMs = performance.now();
  const at = (share: number) => {
    const pauseMs = beganMs + share * minutes * 60_000 - performance.now();
    return sleep(Math.max(0, pauseMs), undefined, { signal });
  };
  const events: Events = { databaseBackMs: null, watchdogBackMs: null, rolledBackMs: null };
  const clock = () => `${((performance.now() - beganMs) / 1000).toFixed(0).padStart(5)} s`;
  await at(0.05);
  await until(world, ({ shot }) => shot.blockers.length === 0, signal);
  await toFirstStage(world, false);
  say(`${clock()}  D1: a tenth of the requests goes to Runware`);
  await at(0.15);
  say(`${clock()}  the database is restarted`);
  const stoppedMs = performance.now();
  await world.restartDatabase();
  await until(world, ({ versions }) => versions.every(Boolean), signal);
  events.databaseBackMs = performance.now() - stoppedMs;
  await at(0.35);
  say(`${clock()}  the watchdog is killed`);
  const killedMs = performance.now();
  const { by: killed } = (await readSnapshot(world.control)).watchdog;
  world.killWatchdog();
  await until(world, ({ shot }) => shot.watchdog.by !== killed, signal);
  events.watchdogBackMs = performance.now() - killedMs;
  await at(0.45);
  say(`${clock()}  Runware fails three requests in ten`);
  world.sandbox.control('runware', { failureRate: 0.3, status: 500 });
  const brokenMs = performance.now();
  await until(world, ({ shot }) => shot.stage === 'rolled_back', signal);
  events.rolledBackMs = performance.now() - brokenMs;
  say(`${clock()}  rolled back by the watchdog`);
  world.sandbox.control('runware', { failureRate: 0 });
  await againIfThereIsTime(world, (performance.now() - beganMs) / (minutes * 60_000));
  await at(1);
  return events;
}

/** A long run goes on with both providers. */
async function againIfThereIsTime(world: World, share: number): Promise<void> {
  if (share > 0.7) return;
  const { version } = await readSnapshot(world.control);
  await rearm(world.control, { expectedVersion: version, reason: 'Runware is well again', actor });
  // Alerts about what we did to the watchdog and the database may stand in the way; we know why they are there.
  await toFirstStage(world, true);
}

async function toFirstStage({ control }: World, override: boolean): Promise<void> {
  const { version, stage } = await readSnapshot(control);
  if (stage === 'D1') return;
  await advanceStage(control, { to: 'D1', expectedVersion: version, reason: 'a soak', override, actor });
}

interface Look {
  readonly shot: Shot;
  /** Whether the web process routes by the version of the row. */
  readonly versions: readonly boolean[];
}

/** Looks until it is so. The database may be away meanwhile. */
async function until(world: World, isSo: (look: Look) => boolean, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + waitWithinMs;
  let last = 'nothing was read';
  while (performance.now() < untilMs) {
    try {
      const shot = await readSnapshot(world.control);
      const routed = await routedVersion(world.url);
      if (isSo({ shot, versions: [routed === shot.version] })) return;
      last = `stage ${shot.stage}, ${shot.blockers.map(({ detail }) => detail).join('; ')}`;
    } catch (error) {
      last = String(error);
    }
    await sleep(100, undefined, { signal });
  }
  throw new Error(`what was waited for did not come within ${waitWithinMs / 1000} s; last: ${last}`);
}

async function routedVersion(url: string): Promise<number | null> {
  const health = (await (await fetch(`${url}/api/health`)).json()) as { weights: { version: number | null } };
  return health.weights.version;
}
