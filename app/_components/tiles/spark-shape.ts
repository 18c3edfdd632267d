import type { RedLineView } from '@/lib/api/snapshot';

/** Drawn into 300 × 64. */
export const sparkWidth = 300;
export const sparkHeight = 64;
const headroom = 1.15;
/** So much is free above and below: a point on the floor is whole. */
const foot = 5;

interface SparkShape {
  /** Of the candidate and of the baseline; a gap where nothing was measured. */
  readonly candidate: string;
  readonly baseline: string;
  readonly limitY: number | null;
  readonly over: readonly { readonly x: number; readonly width: number }[];
  /** The newest value, which a single one shows as well. */
  readonly last: { readonly x: number; readonly y: number } | null;
}

/** Both arms on one scale from 0, with the line always in sight; null where no tick said anything. */
export function sparkShape({ trend, limit }: Pick<RedLineView, 'trend' | 'limit'>): SparkShape | null {
  if (trend === null) return null;
  const { values, baseline, over } = trend;
  const known = [...values, ...baseline].filter((value) => value !== null);
  if (known.length === 0) return null;
  const largest = Math.max(limit ?? 0, ...known) * headroom || 1;
  const step = sparkWidth / Math.max(1, values.length - 1);
  const y = (value: number) => round(sparkHeight - foot - (value / largest) * (sparkHeight - 2 * foot));
  const lineOf = (each: readonly (number | null)[]): string =>
    each
      .map((value, index) => {
        if (value === null) return '';
        const before = lastKnown(each, index);
        // A minute that no tick told of is bridged; a longer silence is a gap.
        return `${before !== null && index - before <= 2 ? 'L' : 'M'}${round(index * step)},${y(value)}`;
      })
      .join('');
  const last = values.findLastIndex((value) => value !== null);
  return {
    candidate: lineOf(values),
    baseline: lineOf(baseline),
    limitY: limit === null ? null : y(limit),
    over: over.map(([first, end]) => ({
      x: round(Math.max(0, first - 0.5) * step),
      width: round((end - first + 1) * step),
    })),
    last: last < 0 ? null : { x: round(last * step), y: y(values[last] ?? 0) },
  };
}

function lastKnown(each: readonly (number | null)[], index: number): number | null {
  const before = each.slice(0, index).findLastIndex((value) => value !== null);
  return before < 0 ? null : before;
}

const round = (value: number): number => Math.round(value * 10) / 10;
