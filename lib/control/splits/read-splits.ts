import type { SplitItem, SplitsView } from '@/lib/api/splits-view';
import { isoOrNull } from '@/lib/kernel/instant';
import { isCrossed, overSinceMs } from '@/lib/rule/hold';
import { liveRate } from '../rollout/live-rate';
import { firstTickFrom } from '../ticks/first-tick-from';
import type { Controls } from './controls';
import type { ListedLine, ListedSplit } from './split-list';

/** Every split in one look, the archived ones last. */
export async function readSplits({ list, registry }: Pick<Controls, 'list' | 'registry'>): Promise<SplitsView> {
  const [{ version, nowMs }, listed] = await Promise.all([registry.standing(), list()]);
  const items = listed.map(itemOf);
  const splits = [...items.filter((one) => !one.archived_at), ...items.filter((one) => one.archived_at)];
  return { now: new Date(nowMs).toISOString(), version, splits };
}

function itemOf(split: ListedSplit): SplitItem {
  const { key, slug, kind, label, prefixes, version, weights, stage, by, error } = split;
  const [worst] = split.lines;
  return {
    ...{ slug, key, kind, label, prefixes, is_default: split.isDefault, archived_at: isoOrNull(split.archivedAtMs) },
    // Rolled back whole, it is without all of them, which the stage says.
    ...{ version, weights, stage, without: split.latchedAtMs === null ? split.latchedArms : [] },
    ...{ baseline: split.plan?.baseline ?? null, candidate_share: liftOf(split, weights) },
    worst: worst?.verdict ?? null,
    worst_line: worst === undefined ? null : lineOf(worst, split),
    ...{ error, next: nextOf(split), eligible_at: isoOrNull(eligibleAtMs(split)) },
    ...{ since: isoOrNull(split.sinceMs), by },
    ...{ paused_by: split.pausedBy, pause_reason: split.pauseReason },
    ...{ paused: split.pausedAtMs !== null, rolled_back: split.latchedAtMs !== null },
    rearmed_by: liftOf(split, weights) === 0 ? split.rearmedBy : null,
    shares: sharesOf(split),
    per_minute: liveRate(split.lastMinute, split.requests),
    image_hours: split.imageHours,
  };
}

function liftOf({ plan }: ListedSplit, weights: ListedSplit['weights']): number | null {
  if (weights === null || plan === null) return null;
  const shares = Object.entries(weights).map(([arm, share]) => (arm === plan.baseline ? 0 : share));
  return Number(shares.reduce((sum, share) => sum + share, 0).toFixed(9));
}

function lineOf(line: ListedLine, { plan, latchedAtMs }: ListedSplit): SplitItem['worst_line'] {
  const { arm, metric, value, limit, verdict, atMs, holdSeconds, breachedForSeconds, tick } = line;
  const acts = verdict === 'breach' && latchedAtMs === null && plan?.signals.includes(metric) === false;
  const heldMs = atMs + Math.max(0, holdSeconds - breachedForSeconds) * 1000;
  const actsAtMs = acts ? firstTickFrom(heldMs, tick) : null;
  const isTold = isCrossed(line) && breachedForSeconds < holdSeconds;
  const sinceMs = isTold ? overSinceMs(atMs, breachedForSeconds) : null;
  return { arm, metric, value, limit, over_since: isoOrNull(sinceMs), acts_at: isoOrNull(actsAtMs) };
}

/** As `observation` has it, from the row alone. */
function eligibleAtMs({ stage, sinceMs, pausedAtMs, pausedSeconds, plan }: ListedSplit): number | null {
  const needed = plan?.stages.find(({ name }) => name === stage)?.observeSeconds ?? null;
  return needed === null || sinceMs === null || pausedAtMs !== null ? null : sinceMs + (needed + pausedSeconds) * 1000;
}

/** Back to where only the baseline had anything before. */
function sharesOf(split: ListedSplit): SplitItem['shares'] {
  const shares: { at: string; share: number }[] = [];
  for (const { atMs, weights } of split.steps) {
    const share = liftOf(split, weights) ?? 0;
    if (share === 0 && shares.some((later) => later.share > 0)) break;
    shares.unshift({ at: new Date(atMs).toISOString(), share });
  }
  return shares;
}

/** From what is no stage it is the first one. */
function nextOf({ stage, plan, latchedAtMs, archivedAtMs }: ListedSplit): string | null {
  if (stage === null || plan === null || latchedAtMs !== null || archivedAtMs !== null) return null;
  return plan.stages[plan.stages.findIndex(({ name }) => name === stage) + 1]?.name ?? null;
}
