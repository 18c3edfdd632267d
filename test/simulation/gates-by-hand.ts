import type { Commit } from './database';
import type { World } from './world';

/**
 * What stood in the way of a promotion at the moment it was committed, worked out from the rows alone. What may turn
 * within the same ten seconds (a heartbeat, an alert) counts as it was when they began: a click is no slower than that.
 */
export function closedGates(world: World, { before, policy: { policy } }: Commit): string[] {
  const { database, log, nowMs, oracle, index } = world;
  if (before === null) return [];
  const closed: string[] = [];
  if (before.latched) closed.push('latched');
  if (before.pausedAtMs !== null) closed.push('paused');
  const stage = policy.stages.find(({ name }) => name === database.view(before)?.stage);
  const started = before.stageStartedAtMs ?? nowMs;
  const served = (nowMs - started) / 1000 - before.pausedSeconds;
  if (stage?.observeSeconds != null && served < stage.observeSeconds) closed.push(`served ${served} s`);
  if (stage) {
    const requests = log.sum('runware', 'requests', started - 10_000, nowMs);
    if (requests < policy.minRequests) closed.push(`${requests} requests`);
    for (const line of policy.redLines)
      if (oracle.isOver(line, before, policy, index)) closed.push(`${line.metric} is over its line`);
  }
  const { decided } = world.atStepBegin;
  const silentSeconds = decided === null ? Number.POSITIVE_INFINITY : (nowMs - decided.atMs) / 1000;
  if (silentSeconds > 3 * (decided?.intervalSeconds ?? 10)) closed.push(`watchdog silent for ${silentSeconds} s`);
  const waits = database.alerts.filter(({ id, blocks_advance, acknowledged }) => {
    return blocks_advance && acknowledged === null && id <= world.atStepBegin.alerts;
  });
  if (waits.length > 0) closed.push(`${waits.length} alerts unacknowledged`);
  const unread = world.seen(15).filter(({ version }) => version !== before.version);
  if (unread.length > 0 && before.updatedAtMs < nowMs - 20_000) closed.push(`${unread.length} instances behind`);
  if (world.has('baseline-dead') && world.seen(15).length > 0) closed.push('baseline dead');
  return closed;
}
