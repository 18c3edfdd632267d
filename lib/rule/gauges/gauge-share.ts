import { type History, type Role, total } from '../buckets/history';
import { logBinomialPoint, logBinomialTail } from '../stats/binomial';
import type { Chance, Gauge } from './gauge';

/** Limits are kept to six decimals so that `hits / n > limit` is a comparison of whole numbers. */
const parts = 1_000_000;

/** A share of events over a limit: failures of requests, vouchers of generations. The line is crossed by `>`. */
export function shareGauge(
  history: History,
  hitColumn: Float64Array,
  countColumn: Float64Array,
  trafficColumn: Float64Array,
  limit: number,
): Gauge {
  const limitParts = Math.round(limit * parts);
  const hits = (from: number, to: number) => total(history, hitColumn, from, to);
  const count = (from: number, to: number) => total(history, countColumn, from, to);
  return {
    count,
    traffic: (from, to) => total(history, trafficColumn, from, to),
    limit: () => limit,
    straddled: () => false,
    value: (from, to) => (count(from, to) > 0 ? hits(from, to) / count(from, to) : null),
    side: (from, to) => {
      const n = count(from, to);
      if (n === 0) return 'unmeasured';
      return hits(from, to) * parts > limitParts * n ? 'over' : 'under';
    },
    chance: (from, to) => shareChance(hits(from, to), count(from, to), limit / 2),
    isLikeBefore: (from, middle, to) =>
      isLikelier(hits(middle, to), count(middle, to), hits(from, to) / count(from, to), limit / 2),
    isRarer: (from, to, threshold) => isShareRarer(hits(from, to), count(from, to), limit / 2, threshold),
  };
}

/** How often a provider at `healthy` would show this many hits or more. Nothing seen is no evidence. */
export function shareChance(hits: number, n: number, healthy: number): Chance {
  const counted = Math.min(hits, n);
  return { chance: n > 0 ? Math.exp(logBinomialTail(counted, n, healthy)) : 1, n, hits };
}

/** The same against a threshold: a tail is never less than its first term, nor small below the mean. */
export function isShareRarer(hits: number, n: number, healthy: number, threshold: number): boolean {
  const counted = Math.min(hits, n);
  if (counted <= n * healthy || Math.exp(logBinomialPoint(counted, n, healthy)) >= threshold) return false;
  return shareChance(hits, n, healthy).chance < threshold;
}

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

/** Regenerate vouchers over what one provider generated, where the voucher names the request or the provider. */
export function attributedGauge(history: History, role: Role, limit: number): Gauge {
  const totals = history[role];
  return shareGauge(history, totals.vouchers, totals.generated, totals.requests, limit);
}

/** The plan's global rate, which speaks only where there are vouchers that name neither. */
export function globalGauge(history: History, limit: number): Gauge {
  const totals = history.everyone;
  const gauge = shareGauge(history, totals.vouchers, totals.generated, totals.generated, limit);
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
