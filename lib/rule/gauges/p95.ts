import type { LatencyBin } from '../buckets/history';

export type Side = 'over' | 'under' | 'straddles';

/**
 * Which side of L the 95th percentile of `count` latencies is on when `slow` of them are ≥ L, exactly as
 * `percentile_cont(0.95)` computes it. The rank 0.95 (count − 1) is kept in whole twentieths: in floating point it
 * could land on the wrong row. Between two rows on different sides the counts cannot tell: it straddles.
 */
export function sideOfLine(count: number, slow: number): Side {
  const twentieths = 19 * (count - 1);
  const floor = Math.floor(twentieths / 20);
  const ceil = Math.ceil(twentieths / 20);
  const fast = count - slow;
  if (fast <= floor) return 'over';
  return fast > ceil ? 'under' : 'straddles';
}

/** A straddled window decided by the latencies on either side, with the very arithmetic of Postgres. */
export function straddledP95(count: number, neighbours: { below: number; atOrAbove: number }): number {
  const proportion = 0.95 * (count - 1) - Math.floor((19 * (count - 1)) / 20);
  return neighbours.below + proportion * (neighbours.atOrAbove - neighbours.below);
}

/** The percentile from bins: between the bins of the floor and the ceil rank, so within a bin's width (1 %). */
export function percentileOfBins(bins: readonly LatencyBin[], twentieths: number): number | null {
  const count = bins.reduce((sum, [, , each]) => sum + each, 0);
  if (count === 0) return null;
  const rank = (twentieths * (count - 1)) / 20;
  const low = valueAt(bins, Math.floor(rank));
  const high = valueAt(bins, Math.ceil(rank));
  return low + (rank - Math.floor(rank)) * (high - low);
}

/** The middle of the bin that holds a rank; a lone bin edge would be biased low by half a bin. */
function valueAt(bins: readonly LatencyBin[], rank: number): number {
  let seen = 0;
  for (const [low, high, count] of bins) {
    seen += count;
    if (rank < seen) return (low + high) / 2;
  }
  return bins.at(-1)?.[0] ?? 0;
}
