import { gridSeconds } from './bucket';
import type { Bins } from './quantile';

/** A share of all vouchers that comes this many grid steps after the generation. */
export type DelayAtom = readonly [steps: number, share: number];

/** Vouchers below which how long they take is not known. */
const fewestDelays = 20;
/** A voucher that takes longer counts as one that took this long. */
const longestDelaySeconds = 86_400;
/** Equal parts that a distribution of delays is cut into. */
const parts = 32;

/** The distribution of delays in a few equal parts; null when too few are known, and vouchers count as coming at once. */
export function delayAtoms(delays: Bins | null): readonly DelayAtom[] | null {
  const bins = [...(delays ?? [])].sort((a, b) => a[0] - b[0]);
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  if (total < fewestDelays) return null;
  const shares = new Map<number, number>();
  let [part, weight, seconds] = [1, 0, 0];
  let seen = 0;
  const close = () => {
    if (weight === 0) return;
    const steps = Math.round(seconds / weight / gridSeconds);
    shares.set(steps, (shares.get(steps) ?? 0) + weight / total);
    [weight, seconds] = [0, 0];
  };
  for (const [edge, count] of bins) {
    seen += count;
    weight += count;
    seconds += count * Math.min(edge, longestDelaySeconds);
    if (seen < (part * total) / parts) continue;
    close();
    part = Math.floor((seen * parts) / total) + 1;
  }
  close();
  return [...shares];
}

/**
 * What can have come back in each bucket: every generation weighted by the share of vouchers that take just as long as
 * it is old then. Vouchers of a span over the exposure of it are their rate, whether the traffic rises or falls.
 * Fills `exposure` from one slot to another; generations up to slot `born` are left out.
 */
export function expose(
  exposure: Float64Array,
  generated: Float64Array,
  atoms: readonly DelayAtom[],
  { first, last, born }: { readonly first: number; readonly last: number; readonly born: number },
): void {
  exposure.fill(0, first, last + 1);
  for (const [steps, share] of atoms)
    for (let slot = Math.max(first, born + 1 + steps, steps); slot <= last; slot++)
      exposure[slot] = (exposure[slot] as number) + share * (generated[slot - steps] as number);
}

/** Where it is not known how long vouchers take, they come at once. */
export const atOnce: readonly DelayAtom[] = [[0, 1]];
