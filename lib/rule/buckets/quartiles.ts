import type { Quartiles } from './history';
import type { Bins } from './quantile';

/** Latencies below which quartiles say too little. */
export const fewestForQuartiles = 100;

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
