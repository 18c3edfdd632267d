import type { TickRecord } from '@/lib/control/ticks/tick-record';
import type { Policy, RedLine } from '@/lib/split/policy/policy';
import { latchedArms, stageOf } from '@/lib/split/stages';
import type { Commit } from './database';
import type { World } from './world';

/**
 * What stood in the way of a promotion at the moment it was committed, worked out from the rows alone. A judgement is
 * good for ten seconds, so what turned within them (a heartbeat, an alert, a bucket, a policy that was saved) counts as
 * closed only if it was so before as well.
 */
export function closedGates(world: World, commit: Commit): string[] {
  const byPolicy = world.database.policiesLately().map(({ policy }) => closedBy(world, commit, policy));
  return byPolicy.find((closed) => closed.length === 0) ?? byPolicy[0] ?? [];
}

function closedBy(world: World, { before }: Commit, policy: Policy): string[] {
  const { database, log, nowMs, oracle, index } = world;
  if (before === null) return [];
  const closed: string[] = [];
  if (before.latched) closed.push('latched');
  if (before.pausedAtMs !== null) closed.push('paused');
  const name = stageOf(before.weights, policy, latchedArms(before.arms));
  const stage = policy.stages.find((each) => each.name === name);
  const started = before.stageStartedAtMs ?? nowMs;
  const served = (nowMs - started) / 1000 - before.pausedSeconds;
  if (stage?.observeSeconds != null && served < stage.observeSeconds) closed.push(`served ${served} s`);
  if (stage) {
    const requests = log.sum('runware', 'requests', started - 10_000, nowMs);
    if (requests < policy.minRequests) closed.push(`${requests} requests`);
    const isOver = (line: RedLine) => [index, index - 1].every((at) => oracle.isOver(line, before, policy, at));
    for (const line of policy.redLines) if (isOver(line)) closed.push(`${line.metric} is over its line`);
  }
  const silentSeconds = Math.min(silence(world.atStepBegin.decided, nowMs), silence(database.ticks.decided, nowMs));
  if (silentSeconds > 10) closed.push(`no heartbeat in time, by ${silentSeconds} s`);
  const waits = database.alerts.filter(({ id, blocks_advance, acknowledged }) => {
    return blocks_advance && acknowledged === null && id <= world.atStepBegin.alerts;
  });
  if (waits.length > 0) closed.push(`${waits.length} alerts unacknowledged`);
  const unread = world.seen(15).filter(({ version }) => version !== before.version);
  if (unread.length > 0 && before.updatedAtMs < nowMs - 20_000) closed.push(`${unread.length} instances behind`);
  if (world.has('baseline-dead') && world.seen(15).length > 0) closed.push('baseline dead');
  return closed;
}

/** For how long the heartbeat has been older than three of its intervals. */
function silence(decided: TickRecord | null, nowMs: number): number {
  if (decided === null) return Number.POSITIVE_INFINITY;
  return (nowMs - decided.atMs) / 1000 - 3 * decided.intervalSeconds;
}
