import { gridMs, type Role, total } from '../buckets/history';
import { atRankOf } from '../buckets/quantile';
import type { Gauge, GaugeContext } from './gauge';
import { isLikelier, isShareRarer, shareChance } from './gauge-share';

type Side = 'over' | 'under' | 'straddles';

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

/** p95 ≥ L says that 5 % of the rows are at or over L; half the red line is half of that. */
const lineShare = 0.05;

export function p95Gauge(context: GaugeContext, role: Role, limitMs: number): Gauge {
  const { history } = context;
  const totals = history[role];
  const count = (from: number, to: number) => total(history, totals.latencies, from, to);
  const slow = (from: number, to: number) => total(history, totals.slow, from, to);
  const side: Gauge['side'] = (from, to) => {
    const n = count(from, to);
    if (n === 0) return 'unmeasured';
    const known = sideOfLine(n, slow(from, to));
    if (known !== 'straddles') return known;
    return straddled(context, role, limitMs, from, to, n) >= limitMs ? 'over' : 'under';
  };
  return {
    side,
    count,
    hits: slow,
    lineShare,
    repeated: limitMs,
    traffic: (from, to) => total(history, totals.requests, from, to),
    limit: () => limitMs,
    straddled: (from, to) => count(from, to) > 0 && sideOfLine(count(from, to), slow(from, to)) === 'straddles',
    value: (from, to) => {
      const estimate = atRankOf(history.bins(role, from, to), p95Rank);
      if (estimate === null) return null;
      // Bins are 1 % wide: the number shown must not contradict the side that the exact counts decided.
      return side(from, to) === 'over' ? Math.max(estimate, limitMs) : Math.min(estimate, limitMs * 0.9999);
    },
    chance: (from, to, factor) => shareChance(slow(from, to), count(from, to), lineShare, factor),
    isLikeBefore: (from, middle, to) =>
      isLikelier(slow(middle, to), count(middle, to), slow(from, to) / count(from, to), lineShare / 2),
    isRarer: (from, to, threshold) => isShareRarer(slow(from, to), count(from, to), lineShare / 2, threshold),
  };
}

/** Without the exact neighbours the bins next to the line stand in for them, which errs by less than 1 %. */
function straddled(
  context: GaugeContext,
  role: Role,
  limitMs: number,
  from: number,
  to: number,
  count: number,
): number {
  const given = context.neighbours({ role, fromMs: from * gridMs, toMs: to * gridMs, limitMs });
  if (given !== null && given.below !== null && given.atOrAbove !== null)
    return straddledP95(count, { below: given.below, atOrAbove: given.atOrAbove });
  const bins = context.history.bins(role, from, to);
  const below = bins.findLast(([edge]) => edge < limitMs)?.[0] ?? 0;
  const atOrAbove = bins.find(([edge]) => edge >= limitMs)?.[0] ?? limitMs;
  return straddledP95(count, { below, atOrAbove });
}
