import type { RedLineView } from '@/lib/api/snapshot';

/** Of lines that are over: the one that acts first; those that do not act come last. */
export function soonestLine(lines: readonly RedLineView[]): RedLineView | null {
  const actsAtMs = ({ acts_at: at }: RedLineView) => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at));
  return lines.toSorted((a, b) => compare(actsAtMs(a), actsAtMs(b))).at(0) ?? null;
}

const compare = (a: number, b: number): number => (a === b ? 0 : a - b);
