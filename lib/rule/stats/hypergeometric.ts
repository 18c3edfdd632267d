/** Rows and hits of two arms over a span in which their shares were constant. */
export interface Stratum {
  readonly rows: number;
  readonly hits: number;
  readonly otherRows: number;
  readonly otherHits: number;
}

/**
 * How often luck of assignment alone gives the first arm as many of all hits as it has, or more: the hits fall on rows
 * of either arm alike, within each stratum. Exact; the strata's distributions are convolved.
 */
export function chanceOfMore(strata: readonly Stratum[]): number {
  let sums: Spread = { first: 0, weights: [1] };
  let seen = 0;
  for (const stratum of strata) {
    const spread = spreadOf(stratum);
    if (spread === null) continue;
    seen += Math.min(Math.round(stratum.hits), Math.round(stratum.rows));
    sums = convolve(sums, spread);
  }
  let [more, all] = [0, 0];
  for (const [i, weight] of sums.weights.entries()) {
    all += weight;
    if (sums.first + i >= seen) more += weight;
  }
  return Math.min(1, more / all);
}

/** Weights of the counts first, first + 1, …; only their ratios matter. */
interface Spread {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Weights below this share of the largest cannot move a chance that anybody asks for. */
const negligible = 1e-20;

/** null where one arm has no rows, or none was hit: then the stratum says nothing about either. */
function spreadOf(stratum: Stratum): Spread | null {
  const [rows, others] = [Math.round(stratum.rows), Math.round(stratum.otherRows)];
  const hits = Math.min(Math.round(stratum.hits), rows) + Math.min(Math.round(stratum.otherHits), others);
  if (rows === 0 || others === 0 || hits === 0 || hits === rows + others) return null;
  const [least, most] = [Math.max(0, hits - others), Math.min(hits, rows)];
  const mode = Math.min(most, Math.max(least, Math.floor(((hits + 1) * (rows + 1)) / (rows + others + 2))));
  const above: number[] = [];
  for (let x = mode, weight = 1; x < most; x++) {
    weight *= ((rows - x) * (hits - x)) / ((x + 1) * (others - hits + x + 1));
    if (weight < negligible) break;
    above.push(weight);
  }
  const below: number[] = [];
  for (let x = mode, weight = 1; x > least; x--) {
    weight *= (x * (others - hits + x)) / ((rows - x + 1) * (hits - x + 1));
    if (weight < negligible) break;
    below.push(weight);
  }
  return { first: mode - below.length, weights: [...below.reverse(), 1, ...above] };
}

function convolve(a: Spread, b: Spread): Spread {
  const weights = new Array<number>(a.weights.length + b.weights.length - 1).fill(0);
  for (const [i, x] of a.weights.entries())
    for (const [j, y] of b.weights.entries()) weights[i + j] = (weights[i + j] ?? 0) + x * y;
  return { first: a.first + b.first, weights };
}
