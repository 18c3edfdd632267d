import { type History, slowLimitOf } from '@/lib/rule/buckets/history';
import type { Policy } from '@/lib/split/policy/policy';
import { Timeline } from '../timeline';
import { normal, poisson, type Random } from './chance';

/** What a provider is like for a while. */
export interface Behaviour {
  readonly perMinute: number;
  readonly failureRate: number;
  /** The share of latencies at or over the p95 line; 5 % is on the line. */
  readonly slowShare: number;
  readonly voucherRate: number;
  readonly costUsd: number;
  /** The standard deviation of a price, as a share of it. */
  readonly costSpread: number;
}

/** Traffic of one candidate, made up bucket by bucket: `behave(i)` says what it is like in the i-th, from 1 on. */
export function simulateTraffic(
  policy: Policy,
  steps: number,
  behave: (step: number) => Behaviour,
  random: Random,
): History {
  const timeline = new Timeline(0, slowLimitOf(policy), Math.ceil(steps / 2), () => [], 'candidate');
  timeline.reach(steps);
  for (let step = 1; step <= steps; step++) put(timeline, step, behave(step), random);
  timeline.settle();
  return timeline;
}

/** A candidate that nothing is made up of. */
export const noTraffic = (policy: Policy): History => new Timeline(0, slowLimitOf(policy), 0, () => [], 'candidate');

/** Splitting a Poisson stream by independent coins gives independent Poisson streams: four draws, not one a request. */
function put(timeline: Timeline, step: number, is: Behaviour, random: Random): void {
  const requests = is.perMinute / 6;
  const { candidate } = timeline;
  const draw = (share: number) => (share > 0 ? poisson(requests * share, random) : 0);
  const slowOk = draw((1 - is.failureRate) * is.slowShare);
  const slowFailed = draw(is.failureRate * is.slowShare);
  const ok = slowOk + draw((1 - is.failureRate) * (1 - is.slowShare));
  const failed = slowFailed + draw(is.failureRate * (1 - is.slowShare));
  if (ok + failed === 0) return;
  timeline.add(candidate.requests, step, ok + failed);
  timeline.add(candidate.failures, step, failed);
  timeline.add(candidate.latencies, step, ok + failed);
  timeline.add(candidate.slow, step, slowOk + slowFailed);
  timeline.add(candidate.generated, step, ok);
  timeline.add(candidate.vouchers, step, draw((1 - is.failureRate) * is.voucherRate));
  if (ok > 0) price(timeline, step, ok, is, random);
}

/** The sum of many prices needs one draw, and so, closely enough, does the sum of their squares. */
function price(timeline: Timeline, step: number, count: number, is: Behaviour, random: Random): void {
  const mean = is.costUsd * 1e9;
  const spread = mean * is.costSpread;
  const sum = count * mean + (spread > 0 ? Math.sqrt(count) * spread * normal(random) : 0);
  const costNanoSquared = (sum * sum) / count + (count - 1) * spread * spread;
  timeline.addPrice('candidate', step, { key: '', priced: count, costNano: sum, costNanoSquared });
}
