import { binEnd } from './bucket';

/** [lower edge of the bin, rows]. */
export type Bins = readonly (readonly [number, number])[];

/** The bins of several buckets as one, in order of their edges. */
export function mergeBins(parts: readonly Bins[]): Bins {
  const merged = new Map<number, number>();
  for (const bins of parts) for (const [edge, count] of bins) merged.set(edge, (merged.get(edge) ?? 0) + count);
  return [...merged].sort((a, b) => a[0] - b[0]);
}

/**
 * A quantile as `percentile_cont` defines it, from ordered bins: interpolated between the bins of the floor and of the
 * ceil rank. Either value lies within half a bin of its bin's middle, so the error is at most half a bin (0.5 %), at
 * every n. Walking to "the first bin past the rank" instead is off by up to the gap between two neighbours.
 */
export function quantileOfBins(bins: Bins, quantile: number): number | null {
  const count = bins.reduce((sum, [, each]) => sum + each, 0);
  if (count === 0) return null;
  const rank = quantile * (count - 1);
  const low = middleAt(bins, Math.floor(rank));
  const high = middleAt(bins, Math.ceil(rank));
  return low + (rank - Math.floor(rank)) * (high - low);
}

function middleAt(bins: Bins, rank: number): number {
  let seen = 0;
  for (const [edge, count] of bins) {
    seen += count;
    if (rank < seen) return (edge + binEnd(edge)) / 2;
  }
  return 0;
}
