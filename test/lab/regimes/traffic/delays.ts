import { normal, type Random } from '@/lib/replay/simulate/chance';
import type { Bins } from '@/lib/rule/buckets/quantile';
import { normalQuantile } from './normal-share';

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
