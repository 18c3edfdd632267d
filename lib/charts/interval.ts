import { studentTail } from '@/lib/rule/stats/student';

/** A figure with the interval that holds the true one 95 times in 100; null where nothing can be said. */
export interface Estimate {
  readonly value: number | null;
  readonly n: number;
  readonly interval: readonly [number, number] | null;
}

export const unknown: Estimate = { value: null, n: 0, interval: null };

const z = 1.959963984540054;

/** Wilson's interval: honest near 0 and 1 and at small n, where the usual one is not. */
export function shareEstimate(hits: number, n: number): Estimate {
  if (n === 0) return unknown;
  const share = hits / n;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { value: share, n, interval: [Math.max(0, middle - half), Math.min(1, middle + half)] };
}

/** Student's interval of a mean from its sums. */
export function meanEstimate(n: number, sum: number, sumOfSquares: number): Estimate {
  if (n === 0) return unknown;
  const value = sum / n;
  if (n < 2) return { value, n, interval: null };
  const variance = Math.max(0, (sumOfSquares - sum * value) / (n - 1));
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n);
  return { value, n, interval: [value - half, value + half] };
}

/** The interval of a quantile by its ranks; `at` answers the quantile of any share. */
export function quantileEstimate(n: number, share: number, at: (share: number) => number | null): Estimate {
  if (n === 0) return unknown;
  const half = (z * Math.sqrt(n * share * (1 - share))) / n;
  const [low, high] = [at(Math.max(0, share - half)), at(Math.min(1, share + half))];
  // With so few rows the upper rank lies beyond the largest one: then nothing bounds it.
  const isBounded = share + half < 1 && low !== null && high !== null;
  return { value: at(share), n, interval: isBounded ? [low, high] : null };
}

/** candidate − baseline by the square-and-add rule (Newcombe), which works for skewed intervals too. */
export function difference(baseline: Estimate, candidate: Estimate): readonly [number, number] | null {
  if (!baseline.interval || !candidate.interval || baseline.value === null || candidate.value === null) return null;
  const [b, c] = [baseline.value, candidate.value];
  const down = Math.hypot(c - candidate.interval[0], baseline.interval[1] - b);
  const up = Math.hypot(candidate.interval[1] - c, b - baseline.interval[0]);
  return [c - b - down, c - b + up];
}

/** t with 2.5 % above it, by bisection: the tail is monotone. */
function studentQuantile(freedom: number): number {
  let [low, high] = [z, 13];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, freedom) > 0.025) low = middle;
    else high = middle;
  }
  return high;
}
