import { env } from '@/lib/config/env';
import { processLog } from '@/lib/config/log';
import { watchOver } from '@/lib/watch/watch-over';
import { startAccess } from './build-access';
import type { ControlPlane } from './control-plane';
import { metricsReader } from './metrics-page';
import { startControlPlane } from './start-control-plane';
import { type Runtime, startRuntime } from './web-runtime';

export { IntegrityLooks, lookEveryMs } from '@/lib/watch/integrity-looks';
export { type Access, openAccessAt } from './build-access';
export type { ControlPlane } from './control-plane';
export { diagnose } from './diagnose';
export { type OpenControl, openControl } from './open-control';
export { type Runtime, startRuntime as runtimeOf } from './web-runtime';

const kept = globalThis as { [key: symbol]: unknown };
const place = Symbol.for('sluice');

/**
 * The one runtime of this process, started by whoever asks first. The front and Next hold separate copies of every
 * module: two runtimes would be two selectors, two breakers and two spools.
 */
export function runtime(): Runtime {
  kept[place] ??= startRuntime(env(), processLog(env().LOG_LEVEL, { process: 'web' }));
  return kept[place] as Runtime;
}

const controlPlace = Symbol.for('sluice.control');

/** The control plane of this process; it comes to life with the first request for it. */
export function controlPlane(): ControlPlane {
  kept[controlPlace] ??= admitting(startControlPlane(runtime()));
  return kept[controlPlace] as ControlPlane;
}

function admitting(plane: ControlPlane): ControlPlane {
  plane.authenticators.push(...access().authenticators);
  const { env, log } = runtime();
  // A serverless process does not live between requests; there the outside cron's ticks speak.
  const end = env.VERCEL ? () => {} : watchOver(plane.control, () => access().deliver(), log);
  const close = () => {
    end();
    return plane.close();
  };
  return { ...plane, close, tick: (by, intervalSeconds) => tickAndTell(plane, by, intervalSeconds) };
}

/** Where an outside cron ticks, nobody else looks or delivers; what fails here is done by the next tick. */
async function tickAndTell(
  plane: ControlPlane,
  ...call: Parameters<ControlPlane['tick']>
): ReturnType<ControlPlane['tick']> {
  const outcome = await plane.tick(...call);
  const warn = (error: unknown) => runtime().log.warn({ err: error }, 'the outbox was not delivered');
  const deliver = () => access().deliver().catch(warn);
  // What was decided is told at once, whatever the look at the journal takes; what that finds is told as well.
  const [faults] = await Promise.all([plane.look(), deliver()]);
  if (faults.length > 0) await deliver();
  return outcome;
}

const accessPlace = Symbol.for('sluice.access');

/** Operators, their sessions and the channels of alerts. */
export function access(): ReturnType<typeof startAccess> {
  const anchor = () => (kept[controlPlace] as ControlPlane | undefined)?.anchor() ?? null;
  kept[accessPlace] ??= startAccess(runtime(), anchor);
  return kept[accessPlace] as ReturnType<typeof startAccess>;
}

const metricsPlace = Symbol.for('sluice.metrics');

/** The page of GET /metrics. */
export function metrics(): ReturnType<typeof metricsReader> {
  kept[metricsPlace] ??= metricsReader(runtime(), controlPlane, access);
  return kept[metricsPlace] as ReturnType<typeof metricsReader>;
}
