import type { RedLine } from '@/lib/split/policy/policy';
import { type Role, total } from '../buckets/history';
import { studentTail } from '../stats/student';
import type { Chance, Gauge, GaugeContext } from './gauge';

const nano = 1e9;
/** Priced images below which a mean proves nothing. */
export const fewestPriced = 5;

/** The mean cost of an image in nano-dollars: sums of whole numbers, so a mean exactly on the line is not over it. */
export function costGauge(context: GaugeContext, role: Role, line: RedLine): Gauge {
  const { history } = context;
  const totals = history[role];
  const count = (from: number, to: number) => total(history, totals.priced, from, to);
  const sum = (from: number, to: number) => total(history, totals.costNano, from, to);
  const baseline = (from: number, to: number) => baselineNano(context, from, to);
  const limit = (from: number, to: number) => limitNano(line, baseline(from, to));
  const chance = (from: number, to: number): Chance => {
    const at = limit(from, to);
    if (at === null) return { chance: 1, n: count(from, to), hits: 0 };
    const midpoint = (at + (baseline(from, to) ?? at)) / 2;
    const squares = total(history, totals.costNanoSquared, from, to);
    return meanChance(count(from, to), sum(from, to), squares, midpoint);
  };
  return {
    count,
    chance,
    isLikeBefore: (_from, middle, to) => {
      const at = limit(middle, to);
      const n = count(middle, to);
      return at === null || n === 0 || sum(middle, to) > ((at + (baseline(middle, to) ?? at)) / 2) * n;
    },
    isRarer: (from, to, threshold) => chance(from, to).chance < threshold,
    traffic: (from, to) => total(history, totals.requests, from, to),
    straddled: () => false,
    limit: (from, to) => {
      const at = limit(from, to);
      return at === null ? null : at / nano;
    },
    value: (from, to) => (count(from, to) > 0 ? sum(from, to) / count(from, to) / nano : null),
    side: (from, to) => {
      const n = count(from, to);
      const at = limit(from, to);
      if (n === 0 || at === null) return 'unmeasured';
      return sum(from, to) > at * n ? 'over' : 'under';
    },
  };
}

/** Rounded to whole nano-dollars: 1.2 × 0.05 is 0.06, not 0.06000000000000001. */
function limitNano(line: RedLine, baseline: number | null): number | null {
  if (line.limit !== null) return Math.round(line.limit * nano);
  return baseline === null ? null : Math.round((line.timesBaseline ?? 1) * baseline);
}

function baselineNano(context: GaugeContext, from: number, to: number): number | null {
  if (context.knownCost !== null) return context.knownCost.usd * nano;
  const { history } = context;
  const priced = total(history, history.baseline.priced, from, to);
  return priced > 0 ? total(history, history.baseline.costNano, from, to) / priced : null;
}

/** One-sided t-test of a mean against the midpoint; prices without any spread compare directly. */
export function meanChance(n: number, sum: number, squares: number, midpoint: number): Chance {
  if (n < fewestPriced) return { chance: 1, n, hits: 0 };
  const mean = sum / n;
  const variance = Math.max(0, (squares - n * mean * mean) / (n - 1));
  // Differences of large running totals leave rounding behind: a spread of 0.003 % of the mean is none.
  if (variance < 1e-9 * mean * mean) return { chance: mean > midpoint ? 0 : 1, n, hits: 0 };
  return { chance: studentTail((mean - midpoint) / Math.sqrt(variance / n), n - 1), n, hits: 0 };
}
