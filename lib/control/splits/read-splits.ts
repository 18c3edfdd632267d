import type { SplitItem, SplitsView } from '@/lib/api/splits-view';
import type { Controls } from './controls';
import type { ListedSplit } from './split-list';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Every split in one look, the archived ones last. */
export async function readSplits({ list, registry }: Pick<Controls, 'list' | 'registry'>): Promise<SplitsView> {
  const [{ version, nowMs }, listed] = await Promise.all([registry.standing(), list()]);
  const items = listed.map(itemOf);
  const splits = [...items.filter((one) => !one.archived_at), ...items.filter((one) => one.archived_at)];
  return { now: new Date(nowMs).toISOString(), version, splits };
}

function itemOf(split: ListedSplit): SplitItem {
  const { key, slug, kind, label, version, weights, stage, by, worst, error } = split;
  return {
    ...{ slug, key, kind, label, is_default: split.isDefault, archived_at: isoOrNull(split.archivedAtMs) },
    // Rolled back whole, it is without all of them, which the stage says.
    ...{ version, weights, stage, without: split.latchedAtMs === null ? split.latchedArms : [] },
    candidate_share: shareOfCandidates(split),
    ...{ worst, error, next: nextOf(split) },
    ...{ since: isoOrNull(split.sinceMs), by },
    ...{ paused: split.pausedAtMs !== null, rolled_back: split.latchedAtMs !== null },
  };
}

function shareOfCandidates({ weights, plan }: ListedSplit): number | null {
  if (weights === null || plan === null) return null;
  const shares = Object.entries(weights).map(([arm, share]) => (arm === plan.baseline ? 0 : share));
  return Number(shares.reduce((sum, share) => sum + share, 0).toFixed(9));
}

/** From what is no stage it is the first one. */
function nextOf({ stage, plan, latchedAtMs, archivedAtMs }: ListedSplit): string | null {
  if (stage === null || plan === null || latchedAtMs !== null || archivedAtMs !== null) return null;
  return plan.stages[plan.stages.indexOf(stage) + 1] ?? null;
}
