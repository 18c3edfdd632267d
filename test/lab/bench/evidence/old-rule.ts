import { type History, type Role, total } from '@/lib/rule/buckets/history';
import { atRankOf } from '@/lib/rule/buckets/quantile';
import type { CandidateFacts as Facts } from '@/lib/rule/facts';
import { logBinomialTail } from '@/lib/rule/stats/binomial';
import { studentTail } from '@/lib/rule/stats/student';
import type { Metric } from '@/lib/split/policy/metrics';
import type { RedLine } from '@/lib/split/policy/policy';

/**
 * The rule as it was while failures were taken to be independent, kept to be compared with and never changed: a line
 * acts when it is held, chance does this to a provider at half the line less than once in 10,000 over some horizon, the
 * newer half of the hold is still so, and the baseline is not over the same line and no better.
 */
export function oldRollback(facts: Facts, from: number, to: number): { at: number; metric: Metric } | null {
  const { policy, state } = facts;
  const share = (weights: Readonly<Record<string, number>>) => weights[policy.candidates[0] ?? ''] ?? 0;
  if (share(state.weights) <= share(policy.rollback)) return null;
  const isEndless = (policy.stages.find(({ name }) => name === state.stage)?.observeSeconds ?? null) === null;
  const floor = Math.floor((state.rolloutStartedAtMs ?? 0) / 10_000);
  const watched = policy.redLines.flatMap((line) => gaugesOf(facts, line).map((pair) => new Run(line, pair, floor)));
  for (let at = from; at <= to; at++)
    for (const run of watched) if (run.acts(at, isEndless ? 1e-5 : 1e-4, facts)) return { at, metric: run.line.metric };
  return null;
}

interface OldGauge {
  readonly count: (from: number, to: number) => number;
  readonly value: (from: number, to: number) => number;
  /** Whether the window is over the line; null where there is nothing to measure. */
  readonly isOver: (from: number, to: number) => boolean | null;
  readonly chance: (from: number, to: number) => number;
  readonly isLikeBefore: (from: number, middle: number, to: number) => boolean;
}

interface Pair {
  readonly candidate: OldGauge;
  readonly baseline: OldGauge | null;
}

class Run {
  private began: number | null = null;
  private last: number | null = null;
  private readonly window: number;
  private readonly hold: number;
  private readonly half: number;

  constructor(
    readonly line: RedLine,
    private readonly pair: Pair,
    private readonly floor: number,
  ) {
    this.window = line.windowSeconds / 10;
    this.hold = line.holdSeconds / 10;
    this.half = Math.ceil(this.hold / 2);
  }

  acts(at: number, threshold: number, { voucherRateBefore: before }: Facts): boolean {
    const { candidate, baseline } = this.pair;
    if (!this.isHeld(at) || !this.isRare(candidate, at, threshold) || !this.isStillSo(candidate, at)) return false;
    const value = candidate.value(this.clip(at - this.window), at);
    if (baseline === null) return value > (before && before.generated > 0 ? before.vouchers / before.generated : 0);
    const from = this.clip(at - this.window);
    if (baseline.count(from, at) === 0 || baseline.value(from, at) < value) return true;
    if (baseline.isOver(from, at) !== true) return true;
    return !(this.isRare(baseline, at, threshold) && this.isStillSo(baseline, at));
  }

  private isHeld(at: number): boolean {
    if (this.last !== at - 1)
      for (let back = Math.max(this.floor + 1, at - 16 * (this.hold + this.window) + this.window); back < at; back++)
        this.see(back);
    this.last = at;
    return this.see(at) === true && at - (this.began ?? at) >= this.hold;
  }

  private see(at: number): boolean | null {
    const isOver = this.pair.candidate.isOver(this.clip(at - this.window), at);
    if (isOver === false) this.began = null;
    else if (isOver) this.began ??= at;
    return isOver;
  }

  private isRare(gauge: OldGauge, at: number, threshold: number): boolean {
    for (const times of [1, 2, 4, 8, 16]) {
      const from = this.clip(at - times * (this.hold + this.window));
      const middle = Math.floor((from + at) / 2);
      if (gauge.chance(from, at) < threshold && (times === 1 || gauge.isLikeBefore(from, middle, at))) return true;
      if (from === this.floor) return false;
    }
    return false;
  }

  private isStillSo(gauge: OldGauge, at: number): boolean {
    if (this.half === 0) return true;
    const middle = this.clip(at - this.half);
    const isOver = gauge.isOver(middle, at);
    if (isOver !== true) return isOver === null;
    return gauge.isLikeBefore(this.clip(at - this.hold - this.window), middle, at);
  }

  private clip(from: number): number {
    return Math.max(from, this.floor);
  }
}

function gaugesOf(facts: Facts, line: RedLine): Pair[] {
  const { history } = facts;
  const both = (make: (role: Role) => OldGauge) => ({ candidate: make('candidate'), baseline: make('baseline') });
  const limit = line.limit ?? 0;
  const share = (hits: Float64Array, counts: Float64Array) => shareGauge(history, hits, counts, limit);
  switch (line.metric) {
    case 'failure_rate':
      return [both((role) => share(history[role].failures, history[role].requests))];
    case 'p95_latency_ms':
      return [both((role) => p95Gauge(facts, role, limit))];
    case 'cost_per_image':
      return [both((role) => costGauge(facts, role, line))];
    case 'regenerate_voucher_rate': {
      const global = share(history.everyone.vouchers, history.everyone.generated);
      const speaks = (from: number, to: number) => total(history, history.unattributed, from, to) > 0;
      const isOver: OldGauge['isOver'] = (from, to) => {
        const known = global.isOver(from, to);
        return known === true ? speaks(from, to) : known;
      };
      return [
        both((role) => share(history[role].vouchers, history[role].generated)),
        { candidate: { ...global, isOver }, baseline: null },
      ];
    }
    default:
      throw new Error(`The rule of before knows no ${line.metric}.`);
  }
}

function shareGauge(history: History, hitColumn: Float64Array, countColumn: Float64Array, limit: number): OldGauge {
  const hits = (from: number, to: number) => total(history, hitColumn, from, to);
  const count = (from: number, to: number) => total(history, countColumn, from, to);
  return {
    count,
    value: (from, to) => hits(from, to) / count(from, to),
    isOver: (from, to) => {
      const n = count(from, to);
      return n === 0 ? null : hits(from, to) * 1_000_000 > Math.round(limit * 1_000_000) * n;
    },
    chance: (from, to) => shareChance(hits(from, to), count(from, to), limit / 2),
    isLikeBefore: (from, middle, to) =>
      isLikelier(hits(middle, to), count(middle, to), hits(from, to) / count(from, to), limit / 2),
  };
}

function shareChance(hits: number, n: number, healthy: number): number {
  const counted = Math.min(hits, n);
  return n === 0 || counted <= n * healthy ? 1 : Math.exp(logBinomialTail(counted, n, healthy));
}

function isLikelier(hits: number, n: number, sick: number, healthy: number): boolean {
  const misses = Math.max(0, n - hits);
  const rate = Math.min(sick, 1);
  if (misses > 0 && rate === 1) return false;
  const odds = hits * Math.log(rate / healthy) + (misses > 0 ? misses * Math.log((1 - rate) / (1 - healthy)) : 0);
  return odds > (hits / n < rate / 2 ? Math.log(8) : 0);
}

function p95Gauge({ history, neighbours }: Facts, role: Role, limitMs: number): OldGauge {
  const totals = history[role];
  const share = shareGauge(history, totals.slow, totals.latencies, 0.05);
  return {
    ...share,
    value: (from, to) => atRankOf(history.bins(role, from, to), (count) => (19 * (count - 1)) / 20) ?? 0,
    isOver: (from, to) => {
      const n = share.count(from, to);
      if (n === 0) return null;
      const fast = n - total(history, totals.slow, from, to);
      const rank = (19 * (n - 1)) / 20;
      if (fast <= Math.floor(rank)) return true;
      if (fast > Math.ceil(rank)) return false;
      const beside = neighbours({ role, fromMs: from * 10_000, toMs: to * 10_000, limitMs });
      const [below, atOrAbove] = [beside?.below ?? limitMs, beside?.atOrAbove ?? limitMs];
      return below + (0.95 * (n - 1) - Math.floor(rank)) * (atOrAbove - below) >= limitMs;
    },
  };
}

function costGauge({ history, policy, state, environmentCostUsd }: Facts, role: Role, line: RedLine): OldGauge {
  const totals = history[role];
  const count = (from: number, to: number) => total(history, totals.priced, from, to);
  const sum = (from: number, to: number) => total(history, totals.costNano, from, to);
  const known = policy.baselineCostUsd ?? environmentCostUsd ?? state.baselineCostUsd;
  const baseline = (from: number, to: number) => {
    if (known !== null) return known * 1e9;
    const priced = total(history, history.baseline.priced, from, to);
    return priced > 0 ? total(history, history.baseline.costNano, from, to) / priced : null;
  };
  const limit = (from: number, to: number) => {
    if (line.limit !== null) return Math.round(line.limit * 1e9);
    const usual = baseline(from, to);
    return usual === null ? null : Math.round((line.timesBaseline ?? 1) * usual);
  };
  const midpoint = (from: number, to: number) => {
    const at = limit(from, to);
    return at === null ? null : (at + (baseline(from, to) ?? at)) / 2;
  };
  return {
    count,
    value: (from, to) => sum(from, to) / count(from, to) / 1e9,
    isOver: (from, to) => {
      const [n, at] = [count(from, to), limit(from, to)];
      return n === 0 || at === null ? null : sum(from, to) > at * n;
    },
    chance: (from, to) => {
      const middle = midpoint(from, to);
      if (middle === null) return 1;
      return meanChance(count(from, to), sum(from, to), total(history, totals.costNanoSquared, from, to), middle);
    },
    isLikeBefore: (_from, middle, to) => {
      const [n, at] = [count(middle, to), midpoint(middle, to)];
      return at === null || n === 0 || sum(middle, to) > at * n;
    },
  };
}

function meanChance(n: number, sum: number, squares: number, midpoint: number): number {
  if (n < 5) return 1;
  const mean = sum / n;
  const variance = Math.max(0, (squares - n * mean * mean) / (n - 1));
  if (variance < 1e-9 * mean * mean) return mean > midpoint ? 0 : 1;
  return studentTail((mean - midpoint) / Math.sqrt(variance / n), n - 1);
}
