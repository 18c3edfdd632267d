import type { InstanceView, Snapshot, WarningView } from '@/lib/api/snapshot';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { isoOf } from '@/lib/kernel/instant';
import { explainWarning } from '@/lib/rule/explain';
import { logBinomialTail } from '@/lib/rule/stats/binomial';
import { shareOf } from '@/lib/split/weights';
import { isAlive, type SeenInstance } from '../rollout/as-instances-say';
import { isWatchdogAlive } from '../rollout/gates-of';
import type { StoryChange } from './story/story-store';

export function warningViews({ decision: { lines, warnings }, policy: { policy } }: RolloutNow): WarningView[] {
  return warnings.map((warning) => ({
    arm: warning.arm,
    metric: warning.metric,
    since: isoOf(warning.sinceMs),
    odds: warning.odds,
    explanation: explainWarning(warning, policy, lines),
  }));
}

export function watchdogView({ ticks, nowMs }: RolloutNow): Snapshot['watchdog'] {
  const { any, decided } = ticks;
  return {
    alive: isWatchdogAlive(decided, nowMs),
    last_tick_at: decided === null ? null : isoOf(decided.atMs),
    interval_seconds: (decided ?? any)?.intervalSeconds ?? 10,
    by: decided?.by ?? null,
    duration_ms: decided?.durationMs ?? null,
    last_error: any !== null && any.error !== null && any.atMs >= (decided?.atMs ?? 0) ? any.error : null,
  };
}

/** Less likely than this by chance alone, and the split is not the configured one. */
const alarmChance = 1e-4;
const splitWindowSeconds = 600;
/** Instances follow a write within seconds; until then the old split is no fault. */
const settleMs = 5_000;

/** What the log says was assigned, beside what was configured: since the last write, and over the whole window. */
export function observedSplit(
  { buckets, row, policy: { policy }, nowMs }: RolloutNow,
  changes: readonly StoryChange[],
): Snapshot['observed'] {
  const windowMs = nowMs - splitWindowSeconds * 1000;
  // A pause writes the row as well, and moves nobody.
  const writtenMs = changes.find(({ was, becomes }) => was !== becomes)?.at.getTime() ?? row.updatedAtMs;
  const fromMs = Math.max(windowMs, writtenMs + settleMs);
  const { total, shares, counts } = assignedSince(buckets, fromMs);
  const recent = assignedSince(buckets, windowMs);
  const chances = policy.candidates.map((arm) => ({
    arm,
    chance: splitChance(counts[arm] ?? 0, total, shareOf(row.weights, arm)),
  }));
  const rarest = total === 0 ? null : chances.reduce((a, b) => (b.chance < a.chance ? b : a));
  // The more candidates are looked at, the sooner one of them is off by chance.
  const chance = rarest && Math.min(1, rarest.chance * chances.length);
  return {
    window_seconds: splitWindowSeconds,
    since_seconds: Math.max(0, Math.round((nowMs - Math.max(windowMs, writtenMs)) / 1000)),
    total,
    shares,
    recent: { total: recent.total, shares: recent.shares },
    alarm: chance !== null && chance < alarmChance,
    chance,
    arm: rarest?.arm ?? null,
  };
}

function assignedSince(buckets: RolloutNow['buckets'], fromMs: number) {
  const counts: Record<string, number> = {};
  for (const { atMs, provider, requests } of buckets) {
    if (provider === '' || requests === 0 || atMs - 10_000 < fromMs) continue;
    counts[provider] = (counts[provider] ?? 0) + requests;
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shares = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / total]));
  return { counts, total, shares };
}

/** Two-sided: the chance of a split at least this far from the configured one. */
function splitChance(hits: number, total: number, share: number): number {
  const atLeast = Math.exp(logBinomialTail(hits, total, share));
  const atMost = Math.exp(logBinomialTail(total - hits, total, 1 - share));
  return Math.min(1, 2 * Math.min(atLeast, atMost));
}

export function instanceView(instance: SeenInstance, nowMs: number): InstanceView {
  return {
    id: instance.id,
    kind: instance.kind,
    version: instance.version,
    seen_at: isoOf(instance.seenAtMs),
    age_seconds: Math.max(0, Math.round((nowMs - instance.seenAtMs) / 1000)),
    alive: isAlive(instance, nowMs),
    spool_depth: instance.spoolDepth,
    clock_skew_ms: instance.clockSkewMs,
  };
}
