import { binEnd } from './bucket';

/** [lower edge of the bin, rows]. */
export type Bins = readonly (readonly [number, number])[];

/** Latencies from `low` up to `high`; where single latencies are known the two are equal. */
export type LatencyBin = readonly [low: number, high: number, count: number];

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
  const spans = bins.map(([edge, count]) => [edge, binEnd(edge), count] as const);
  return atRankOf(spans, (count) => quantile * (count - 1));
}

/** The same of bins that name both their ends, at the rank that `rankOf` makes of their count. */
export function atRankOf(bins: readonly LatencyBin[], rankOf: (count: number) => number): number | null {
  const count = bins.reduce((sum, [, , each]) => sum + each, 0);
  return count === 0 ? null : interpolate(rankOf(count), (rank) => middleAt(bins, rank));
}

/** Between the values of the floor and of the ceil of a rank. */
export function interpolate(rank: number, valueAt: (rank: number) => number): number {
  const low = valueAt(Math.floor(rank));
  return low + (rank - Math.floor(rank)) * (valueAt(Math.ceil(rank)) - low);
}

function middleAt(bins: readonly LatencyBin[], rank: number): number {
  let seen = 0;
  for (const [low, high, count] of bins) {
    seen += count;
    if (rank < seen) return (low + high) / 2;
  }
  return 0;
}

export type Quartiles = readonly [number, number, number];

/** Latencies below which quartiles say too little. */
const fewestForQuartiles = 100;

/**
 * The lower edges of the bins that hold the quartiles, as `percentile_disc` picks them: at an edge, counting bins and
 * counting latencies at or over it are one and the same. Null under 100 latencies.
 */
export function quartilesOf(bins: Bins): Quartiles | null {
  const ordered = [...bins].sort((a, b) => a[0] - b[0]);
  const rows = ordered.reduce((sum, [, count]) => sum + count, 0);
  if (rows < fewestForQuartiles) return null;
  return [edgeAt(ordered, rows / 4), edgeAt(ordered, rows / 2), edgeAt(ordered, (rows * 3) / 4)];
}

/** Where the running count first reaches this many. */
function edgeAt(ordered: Bins, rows: number): number {
  let seen = 0;
  for (const [edge, count] of ordered) {
    seen += count;
    if (seen >= rows) return edge;
  }
  return ordered.at(-1)?.[0] ?? 0;
}
