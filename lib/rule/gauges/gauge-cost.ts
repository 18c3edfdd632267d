import type { RedLine } from '@/lib/split/policy/policy';
import type { PricesOfKey } from '../buckets/bucket';
import { type Role, total } from '../buckets/history';
import { studentTail } from '../stats/student';
import type { Chance, Gauge, GaugeContext } from './gauge';
import { isUnder } from './gauge-share';

const nano = 1e9;
/** Priced images below which a mean proves nothing. */
export const fewestPriced = 5;
/** A few equal prices do not prove that all are equal: they are taken to spread by this share of what they should be. */
export const leastSpread = 0.1;

/** Sums over the priced rows of a span that have something to be compared with, in nano-dollars. */
export interface Compared {
  readonly n: number;
  readonly cost: number;
  /** What the baseline asks for the same images, and what the line allows for them. */
  readonly reference: number;
  readonly allowed: number;
  /** Σ cost², Σ cost × reference, Σ reference², and the baseline's own spread for the same: a variance × n. */
  readonly squares: number;
  readonly products: number;
  readonly references: number;
  readonly spread: number;
}

/**
 * The mean cost of an image, like for like: each price key's images against what the baseline asks for the same, so that
 * a dearer mix of models is not a dearer provider. Sums of whole nano-dollars: a mean exactly on the line is not over it.
 */
export function costGauge(context: GaugeContext, role: Arm, line: RedLine): Gauge {
  const { history } = context;
  const compared = comparer(context, role, line);
  const chance = (from: number, to: number): Chance => costChance(compared(from, to));
  return {
    count: (from, to) => compared(from, to).n,
    hits: () => 0,
    lineShare: null,
    repeated: undefined,
    chance,
    isLikeBefore: (_from, middle, to) => {
      const { n, cost, reference, allowed } = compared(middle, to);
      return n === 0 || cost > (reference + allowed) / 2;
    },
    isRarer: (from, to, threshold) => isUnder(chance(from, to).chance, threshold),
    traffic: (from, to) => total(history, history[role].requests, from, to),
    straddled: () => false,
    limit: (from, to) => {
      const { n, allowed } = compared(from, to);
      return n > 0 ? allowed / n / nano : limitWithoutRows(context, line, from, to);
    },
    value: (from, to) => {
      const { n, cost } = compared(from, to);
      return n > 0 ? cost / n / nano : null;
    },
    side: (from, to) => {
      const { n, cost, allowed } = compared(from, to);
      if (n === 0) return 'unmeasured';
      return cost > allowed ? 'over' : 'under';
    },
  };
}

/** A cost is that of one arm, never of all together. */
type Arm = Exclude<Role, 'everyone'>;
type Comparer = (from: number, to: number) => Compared;

function comparer(context: GaugeContext, role: Arm, line: RedLine): Comparer {
  const { history } = context;
  const before = new Map(context.pricesBefore?.map((each) => [each.key, each]));
  // An older log names no keys: then there is one mean for all.
  const hasKeys = [...before.values()].some((each) => each.key !== '' && each.priced > 0);
  const fixed = line.limit === null ? null : Math.round(line.limit * nano);
  return (from, to) => {
    const sums = { n: 0, cost: 0, reference: 0, allowed: 0, squares: 0, products: 0, references: 0, spread: 0 };
    // Anew each time: a history that grows learns of new keys.
    for (const [key, roles] of history.prices) {
      const totals = roles[role];
      const n = total(history, totals.priced, from, to);
      if (n === 0) continue;
      const known = referenceOf(context, before, key, from, to) ?? (hasKeys ? null : oneForAll(context));
      if (known === null && fixed === null) continue;
      const reference = known?.mean ?? fixed ?? 0;
      const cost = total(history, totals.costNano, from, to);
      sums.n += n;
      sums.cost += cost;
      sums.reference += n * reference;
      // Rounded to whole nano-dollars: 1.2 × 0.05 is 0.06, not 0.06000000000000001.
      sums.allowed += n * (fixed ?? Math.round((line.timesBaseline ?? 1) * reference));
      sums.squares += total(history, totals.costNanoSquared, from, to);
      sums.products += cost * reference;
      sums.references += n * reference * reference;
      sums.spread += n * (known?.variance ?? 0);
    }
    return sums;
  };
}

interface Reference {
  readonly mean: number;
  readonly variance: number;
}

/**
 * What the baseline asks for images of a key: the policy's or environment's value for all alike, else its mean of the day
 * before the rollout, else its mean of the same span, else what was frozen for all when the rollout began.
 */
function referenceOf(
  context: GaugeContext,
  before: ReadonlyMap<string, PricesOfKey>,
  key: string,
  from: number,
  to: number,
): Reference | null {
  const { history, knownCost } = context;
  if (knownCost !== null && knownCost.source !== 'before_rollout') return oneForAll(context);
  const earlier = before.get(key);
  if (earlier !== undefined && earlier.priced > 0) return meanOf(earlier);
  if (key === '' && knownCost !== null) return oneForAll(context);
  const theirs = history.prices.get(key)?.baseline;
  const sum = (column: Float64Array) => total(history, column, from, to);
  const now = theirs && {
    key,
    priced: sum(theirs.priced),
    costNano: sum(theirs.costNano),
    costNanoSquared: sum(theirs.costNanoSquared),
  };
  return now !== undefined && now.priced > 0 ? meanOf(now) : null;
}

const oneForAll = ({ knownCost }: GaugeContext): Reference | null =>
  knownCost === null ? null : { mean: knownCost.usd * nano, variance: 0 };

function meanOf({ priced, costNano, costNanoSquared }: PricesOfKey): Reference {
  const mean = costNano / priced;
  return { mean, variance: Math.max(0, costNanoSquared / priced - mean * mean) };
}

/** Where nothing can be compared in a span, the line still has a limit if the baseline's mean is known. */
function limitWithoutRows(context: GaugeContext, line: RedLine, from: number, to: number): number | null {
  if (line.limit !== null) return line.limit;
  const { history, knownCost } = context;
  const priced = total(history, history.baseline.priced, from, to);
  const mean = priced > 0 ? total(history, history.baseline.costNano, from, to) / priced : null;
  const usd = knownCost?.usd ?? (mean === null ? null : mean / nano);
  return usd === null ? null : Math.round((line.timesBaseline ?? 1) * usd * nano) / nano;
}

/** One-sided t-test of what the images cost beyond the middle between reference and line; a price is no luck itself. */
export function costChance(seen: Compared): Chance {
  const { n, cost, reference, allowed } = seen;
  if (n < fewestPriced || reference <= 0) return { chance: 1, atLine: 1, n, hits: 0 };
  return { chance: beyond(seen, (1 + allowed / reference) / 2), atLine: cost > allowed ? 0 : 1, n, hits: 0 };
}

/** Student's tail of the mean of cost − times × reference against zero. */
function beyond({ n, cost, reference, squares, products, references, spread }: Compared, times: number): number {
  const mean = (cost - times * reference) / n;
  const own = (squares - 2 * times * products + times * times * references - n * mean * mean) / (n - 1);
  const least = (leastSpread * (reference / n)) ** 2;
  const variance = Math.max(own, spread / n, least);
  return studentTail(mean / Math.sqrt(variance / n), n - 1);
}
