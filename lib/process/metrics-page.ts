import type { Snapshot } from '@/lib/api/snapshot';
import { providerHealth } from '@/lib/gateway/health/read-health';
import { sentProviders } from '@/lib/gateway/health/what-calls-say';
import { recorder } from '@/lib/process/metrics/hot-path';
import type { Access } from './build-access';
import type { ControlPlane } from './control-plane';
import type { Readings, RolloutReadings } from './metrics/readings';
import { type MetricsPage, metricsPage } from './metrics/registry';
import { mostNamed, routedSplits, splitReadings } from './metrics/split-gauges';
import type { Runtime } from './web-runtime';

const rolloutWithinMs = 2000;

/** The page of GET /metrics. Without the store it says what this process knows by itself, and `sluice_store_up 0`. */
export function metricsReader(
  runtime: Runtime,
  plane: () => ControlPlane,
  access: () => Access,
): () => Promise<{ type: string; text: string }> {
  const page: MetricsPage = metricsPage(recorder(), runtime.identity.build);
  return async () => {
    recorder().rejectedWeights = runtime.dataPlane.weights.rejected;
    const rollout = await runtime.dataPlane.within(rolloutWithinMs, readRollout(plane, access)).catch(() => null);
    return { type: page.contentType, text: await page.render({ ...ownReadings(runtime), rollout }) };
  };
}

function ownReadings({ dataPlane, clock, jobCounts }: Runtime): Omit<Readings, 'rollout'> {
  const { weights, splits, lanes, events } = dataPlane;
  const age = weights.ageMs();
  const now = clock.monotonic();
  const sent = sentProviders(dataPlane);
  const each = <T>(read: (lane: NonNullable<ReturnType<typeof lanes.get>>, name: string) => T) =>
    Object.fromEntries([...lanes].map(([name, lane]) => [name, read(lane, name)]));
  return {
    weights: weights.routing.weights,
    weightsVersion: weights.routing.version,
    weightsAgeSeconds: age === null ? null : age / 1000,
    routed: routedSplits(splits.all.values()),
    spoolDepth: events.depth(),
    jobCounts,
    breakers: each((lane) => lane.breaker.state(now)),
    connections: each((lane) => lane.slots.inUse),
    connectionsLimit: each((lane) => lane.slots.most),
    callersWaiting: each((lane) => lane.slots.waiting),
    providersOk: each((lane, name) => providerHealth(lane, { isSent: sent.has(name) }, now).ok),
  };
}

async function readRollout(plane: () => ControlPlane, access: () => Access): Promise<RolloutReadings> {
  const viewer = { name: 'metrics', role: 'viewer' as const };
  const [shot, list, lines, jobs, outbox, spending] = await Promise.all([
    plane().snapshots.read(viewer),
    plane().splits.read(viewer),
    plane().controls.lines(mostNamed),
    plane().jobs.open(),
    access().outbox.depth(),
    access().spending.list(mostNamed),
  ]);
  const splits = splitReadings(list.splits, lines);
  return { ...ofSnapshot(shot), splits, jobs, spending, outbox };
}

function ofSnapshot(shot: Snapshot): Omit<RolloutReadings, 'outbox' | 'splits' | 'jobs' | 'spending'> {
  const { last_tick_at, duration_ms } = shot.watchdog;
  const several = shot.arms.filter(({ role }) => role === 'candidate').length > 1;
  return {
    stage: shot.stage,
    lines: shot.red_lines.map(({ arm, metric, value, limit, breached_for_seconds, verdict }) => ({
      ...(several ? { arm } : {}),
      metric,
      value,
      limit,
      breachedForSeconds: breached_for_seconds,
      verdict,
    })),
    warnings: shot.warnings.map(({ arm, metric, odds }) => ({ ...(several ? { arm } : {}), metric, odds })),
    tickAgeSeconds: last_tick_at === null ? null : (Date.parse(shot.now) - Date.parse(last_tick_at)) / 1000,
    tickDurationSeconds: duration_ms === null ? null : duration_ms / 1000,
    openAlerts: shot.alerts.length,
  };
}
