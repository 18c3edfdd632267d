import type { Bins } from '@/lib/rule/buckets/quantile';
import { normal, type Random } from '../chance';

/** How long vouchers take. */
export interface Delays {
  readonly draw: (random: Random) => number;
  /** The distribution as the rule learns it from very many: [seconds, vouchers]. */
  readonly bins: Bins;
}

const parts = 320;

function delays(seconds: (draw: number) => number, draw: (random: Random) => number): Delays {
  const bins = Array.from({ length: parts }, (_, i): [number, number] => [seconds((i + 0.5) / parts), 1]);
  return { draw, bins };
}

export const uniformDelays = (fromMinutes: number, toMinutes: number): Delays => {
  const seconds = (share: number) => 60 * (fromMinutes + share * (toMinutes - fromMinutes));
  return delays(seconds, (random) => seconds(random()));
};

export const logNormalDelays = (medianMinutes: number, sigma: number): Delays =>
  delays(
    (share) => 60 * medianMinutes * Math.exp(sigma * normalQuantile(share)),
    (random) => 60 * medianMinutes * Math.exp(sigma * normal(random)),
  );

/** Where the standard normal distribution has this share below it, by halving; far more exact than any use here. */
export function normalQuantile(share: number): number {
  let [low, high] = [-8, 8];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Abramowitz and Stegun 7.1.26; the error is below 2e-7. */
function normalShare(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = 0.5 * series * Math.exp((-x * x) / 2);
  return x > 0 ? 1 - half : half;
}
