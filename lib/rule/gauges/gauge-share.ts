import { gridMs, type History, type Role, total } from '../buckets/history';
import { atRankOf } from '../buckets/quantile';
import { betaTail } from '../stats/beta';
import { logBinomialPoint, logBinomialTail } from '../stats/binomial';
import type { Chance, Gauge, GaugeContext } from './gauge';

/** Limits are kept to six decimals so that `hits / n > limit` is a comparison of whole numbers. */
const parts = 1_000_000;

/** A share of events over a limit: failures of requests, vouchers of generations. The line is crossed by `>`. */
export function shareGauge(
  history: History,
  hitColumn: Float64Array,
  countColumn: Float64Array,
  trafficColumn: Float64Array,
  limit: number,
  repeated?: null,
): Gauge {
  const over = (column: Float64Array) => (from: number, to: number) => total(history, column, from, to);
  return shareOfRows(
    { hits: over(hitColumn), count: over(countColumn), traffic: over(trafficColumn) },
    limit,
    repeated,
  );
}

/** The same of rows that are counted in another way. */
export function shareOfRows(
  { hits, count, traffic }: Pick<Gauge, 'hits' | 'count' | 'traffic'>,
  limit: number,
  repeated?: null,
): Gauge {
  const limitParts = Math.round(limit * parts);
  return {
    count,
    hits,
    lineShare: limit,
    repeated,
    traffic,
    limit: () => limit,
    straddled: () => false,
    value: (from, to) => (count(from, to) > 0 ? hits(from, to) / count(from, to) : null),
    side: (from, to) => {
      const n = count(from, to);
      if (n === 0) return 'unmeasured';
      return hits(from, to) * parts > limitParts * n ? 'over' : 'under';
    },
    chance: (from, to, factor) => shareChance(hits(from, to), count(from, to), limit, factor),
    isLikeBefore: (from, middle, to) =>
      isLikelier(hits(middle, to), count(middle, to), hits(from, to) / count(from, to), limit / 2),
    isRarer: (from, to, threshold) => isShareRarer(hits(from, to), count(from, to), limit / 2, threshold),
  };
}

/** How often a provider at half the line, or on it, would show this many hits or more. Nothing seen is no evidence. */
export function shareChance(hits: number, n: number, line: number, factor = 1): Chance {
  const count = n / factor;
  const counted = Math.min(hits / factor, count);
  return { chance: tail(counted, count, line / 2), atLine: tail(counted, count, line), n, hits };
}

/** P[X ≥ hits] of n rows, each bad with this share; n and hits that are not whole are carried on smoothly. */
export function tail(hits: number, n: number, share: number): number {
  if (n <= 0) return 1;
  const whole = Number.isInteger(hits) && Number.isInteger(n);
  return whole ? Math.exp(logBinomialTail(hits, n, share)) : betaTail(hits, n, share);
}

/** The first against a threshold: a tail is never less than its first term, nor small below the mean. */
export function isShareRarer(hits: number, n: number, healthy: number, threshold: number): boolean {
  const counted = Math.min(hits, n);
  if (counted <= n * healthy) return false;
  if (Number.isInteger(n) && Math.exp(logBinomialPoint(counted, n, healthy)) >= threshold) return false;
  return isUnder(tail(counted, n, healthy), threshold);
}

/** 2 of 2 failures at 1 % are exactly 1 in 10,000, which is not less than that, whatever rounding makes of it. */
export const isUnder = (chance: number, threshold: number): boolean => chance < threshold * (1 - 1e-9);

/** How many times likelier "sick" must be once the rate has more than halved; see `npm run bench -- evidence`. */
const afterHalving = 8;

/**
 * Whether hits of n are likelier at `sick` than at `healthy`, by the ratio of their likelihoods. A sickness that goes on
 * at its own rate always is; the tail of one that is over seldom.
 */
export function isLikelier(hits: number, n: number, sick: number, healthy: number): boolean {
  const misses = Math.max(0, n - hits);
  const rate = Math.min(sick, 1);
  if (misses > 0 && rate === 1) return false;
  const odds = hits * Math.log(rate / healthy) + (misses > 0 ? misses * Math.log((1 - rate) / (1 - healthy)) : 0);
  return odds > (hits / n < rate / 2 ? Math.log(afterHalving) : 0);
}

/** Regenerate vouchers over what can have come back of what one provider generated. */
export function attributedGauge(history: History, role: Role, limit: number): Gauge {
  const totals = history[role];
  return shareGauge(history, totals.vouchers, totals.exposure, totals.requests, limit);
}

/** The plan's global rate, which speaks only where there are vouchers that name neither. */
export function globalGauge(history: History, limit: number): Gauge {
  const totals = history.everyone;
  const gauge = shareGauge(history, totals.vouchers, totals.exposure, totals.generated, limit);
  const speaks = (from: number, to: number) => total(history, history.unattributed, from, to) > 0;
  return {
    ...gauge,
    count: (from, to) => (speaks(from, to) ? gauge.count(from, to) : 0),
    traffic: (from, to) => (speaks(from, to) ? gauge.traffic(from, to) : 0),
    side: (from, to) => {
      const known = gauge.side(from, to);
      return known === 'over' && !speaks(from, to) ? 'under' : known;
    },
  };
}

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
