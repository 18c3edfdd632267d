export type Side = 'over' | 'under' | 'straddles';

/** 0.95 (count − 1), in whole twentieths: in floating point it could land on the wrong row. */
export const p95Rank = (count: number): number => (19 * (count - 1)) / 20;

/**
 * Which side of L the 95th percentile of `count` latencies is on when `slow` of them are ≥ L, exactly as
 * `percentile_cont(0.95)` computes it. Between two rows on different sides the counts cannot tell: it straddles.
 */
export function sideOfLine(count: number, slow: number): Side {
  const floor = Math.floor(p95Rank(count));
  const ceil = Math.ceil(p95Rank(count));
  const fast = count - slow;
  if (fast <= floor) return 'over';
  return fast > ceil ? 'under' : 'straddles';
}

/** A straddled window decided by the latencies on either side, with the very arithmetic of Postgres. */
export function straddledP95(count: number, neighbours: { below: number; atOrAbove: number }): number {
  const proportion = 0.95 * (count - 1) - Math.floor(p95Rank(count));
  return neighbours.below + proportion * (neighbours.atOrAbove - neighbours.below);
}
