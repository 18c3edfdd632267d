import type { RedLineView } from '@/lib/api/snapshot';

/** Of lines that are over: the one that acts first; those that do not act come last. */
export function soonestLine(lines: readonly RedLineView[]): RedLineView | null {
  return lines.toSorted(bySoonest).at(0) ?? null;
}

export function bySoonest(a: RedLineView, b: RedLineView): number {
  const [first, second] = [actsAtMs(a), actsAtMs(b)];
  return first === second ? 0 : first - second;
}

const actsAtMs = ({ acts_at: at }: RedLineView) => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at));
