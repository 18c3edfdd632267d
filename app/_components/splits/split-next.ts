import type { SplitItem } from '@/lib/api/splits-view';
import { splitLook } from '../state/split-look';

/** What comes next in one split by itself, or whom it waits for. */
type SplitNext =
  | { readonly kind: 'rolls_back_in' | 'may_begin_in'; readonly at: string }
  | { readonly kind: 'rearm' | 'look' | 'paused' | 'waits' | 'start' | 'start_again' | 'last' | 'nothing' };

/** `isStale`: the list may no longer be so; then nobody knows whether the watchdog still counts. */
export function splitNext(split: SplitItem, nowMs: number, isStale = false): SplitNext {
  const { worst_line: worst, next, eligible_at: eligibleAt } = split;
  const look = splitLook(split);
  if (look.state === 'archived' || look.state === 'no_weights') return { kind: 'nothing' };
  if (look.state === 'rolled_back') return { kind: 'rearm' };
  const actsAt = (split.candidate_share ?? 0) > 0 ? (worst?.acts_at ?? null) : null;
  if (actsAt !== null && !isStale && Date.parse(actsAt) > nowMs) return { kind: 'rolls_back_in', at: actsAt };
  if (look.tone === 'breach' || look.tone === 'caution') return { kind: split.paused ? 'paused' : 'look' };
  if (split.paused) return { kind: 'paused' };
  if (look.state === 'at_rest') return { kind: startOf(split) };
  if (next === null) return { kind: 'last' };
  if (eligibleAt !== null && Date.parse(eligibleAt) > nowMs) return { kind: 'may_begin_in', at: eligibleAt };
  return { kind: 'waits' };
}

function startOf({ next, rearmed_by: rearmedBy }: SplitItem) {
  if (next === null) return 'nothing';
  return rearmedBy === null ? 'start' : 'start_again';
}

export const splitGroups = ['person', 'moving', 'rest'] as const;
type SplitGroup = (typeof splitGroups)[number];

/** Whether an operator must look, a rollout is under way and asks for nothing, or nothing moves. */
export function groupOf(split: SplitItem, nowMs: number): SplitGroup {
  const { kind } = splitNext(split, nowMs);
  if (kind === 'nothing' || kind === 'start' || kind === 'start_again') return 'rest';
  return kind === 'may_begin_in' || kind === 'last' ? 'moving' : 'person';
}

const urgency: readonly SplitNext['kind'][] = [
  ...(['rolls_back_in', 'look', 'rearm', 'paused', 'waits'] as const),
  ...(['may_begin_in', 'last', 'start_again', 'start', 'nothing'] as const),
];

/** What needs a person most comes first; of the same urgency what moved last. */
export function byUrgency(splits: readonly SplitItem[], nowMs: number): readonly SplitItem[] {
  const rank = (split: SplitItem) => urgency.indexOf(splitNext(split, nowMs).kind);
  const moved = ({ since }: SplitItem) => (since === null ? 0 : Date.parse(since));
  return splits.toSorted((a, b) => rank(a) - rank(b) || moved(b) - moved(a));
}

/** By its name, its slug, its key, its stage or who moved it. */
export function isFound({ label, slug, key, stage, by }: SplitItem, text: string): boolean {
  const words = text.trim().toLowerCase();
  return [label, slug, key, stage, by].some((each) => each?.toLowerCase().includes(words));
}
