import type { SplitRow } from '@/lib/control/flags/stored-flags';
import type { Policy, RedLine } from '@/lib/split/policy/policy';
import { type EventLog, latencies, type ProviderName } from './event-log';

export type Side = 'over' | 'under' | 'unmeasured';

interface Figures {
  readonly n: number;
  readonly hits: number;
  readonly side: Side;
}

type Gauge = (provider: ProviderName, from: number, to: number) => Figures;

/** The plan's metrics by counting rows, naively and on purpose by nothing of lib/rule: what the rule is checked by. */
export class Oracle {
  constructor(private readonly log: EventLog) {}

  /** A line's windowed metric has been over at every instant of its hold back from `at` that had anything to measure. */
  isHeld(line: RedLine, row: SplitRow, policy: Policy, at: number): boolean {
    const floor = floorOf(row, at);
    return this.gauges(line, row, policy).some((gauge) => holds(gauge, line, floor, at));
  }

  isOver(line: RedLine, row: SplitRow, policy: Policy, at: number): boolean {
    const from = Math.max(at - line.windowSeconds / 10, floorOf(row, at));
    return this.gauges(line, row, policy).some((gauge) => gauge('runware', from, at).side === 'over');
  }

  /**
   * Held, far over the line, by many rows, to the very end: no luck, no rule of evidence and no rounding can excuse a
   * watchdog that lives and does not act. null where nothing so plain is the case; else the line.
   */
  plainlyHeld(row: SplitRow, policy: Policy, at: number): RedLine | null {
    // A look at the running totals first: nearly always nothing is anywhere near.
    const { candidate, origin, end } = this.log;
    const lately = (column: Float64Array) =>
      (column[end - origin] ?? 0) - (column[Math.max(0, end - origin - 30)] ?? 0);
    const bad = lately(candidate.failures) + lately(candidate.slow) + lately(candidate.vouchers);
    if (bad < 0.05 * lately(candidate.requests) || bad < 3) return null;
    return policy.redLines.find((line) => this.isPlain(line, row, policy, at)) ?? null;
  }

  /** The baseline is over the same line, by more than the candidate, to the very end. */
  isBaselinePlainlyWorse(line: RedLine, row: SplitRow, at: number): boolean {
    if (line.metric !== 'failure_rate') return false;
    const floor = floorOf(row, at);
    const gauge = this.share(line, 'failures');
    const [from, half] = [Math.max(at - line.windowSeconds / 10, floor), at - Math.ceil(line.holdSeconds / 20)];
    const own = gauge('fal', from, at);
    const theirs = gauge('runware', from, at);
    const newest = gauge('fal', Math.max(half, floor), at);
    return isFar(own, line) && isFar(newest, line) && own.hits / own.n > 1.5 * (theirs.hits / Math.max(1, theirs.n));
  }

  private isPlain(line: RedLine, row: SplitRow, policy: Policy, at: number): boolean {
    if (line.metric === 'cost_per_image') return false;
    const floor = floorOf(row, at);
    const [window, hold] = [line.windowSeconds / 10, line.holdSeconds / 10];
    const gauge = line.metric === 'p95_latency_ms' ? this.p95(line) : this.share(line, hitsOf(line));
    const middle = Math.max(at - Math.ceil(hold / 2), floor);
    const newest = gauge('runware', middle, at);
    if (!isFar(newest, line)) return false;
    const all = gauge('runware', Math.max(at - window - hold, floor), at);
    if (!isFar(all, line) || all.n < 60 || newest.hits / newest.n < 0.6 * (all.hits / all.n)) return false;
    const baseline = gauge('fal', Math.max(at - window, floor), at);
    if (baseline.side === 'over') return false;
    return holds(gauge, line, floor, at) && this.isHeld(line, row, policy, at);
  }

  private gauges(line: RedLine, row: SplitRow, policy: Policy): Gauge[] {
    if (line.metric === 'p95_latency_ms') return [this.p95(line)];
    if (line.metric === 'cost_per_image') return [this.cost(line, row, policy)];
    if (line.metric === 'failure_rate') return [this.share(line, 'failures')];
    return [this.share(line, 'vouchers'), this.allVouchers(line)];
  }

  private share(line: RedLine, column: 'failures' | 'vouchers'): Gauge {
    return (provider, from, to) => {
      const raw = this.log.raw[provider];
      const n = this.count(column === 'failures' ? raw.requests : raw.generated, from, to);
      const hits = this.count(raw[column], from, to);
      return { n, hits, side: n === 0 ? 'unmeasured' : isMore(hits, n, line.limit ?? 0) ? 'over' : 'under' };
    };
  }

  private allVouchers(line: RedLine): Gauge {
    return (_, from, to) => {
      const { fal, runware } = this.log.raw;
      const loose = this.count(this.log.rawUnattributed, from, to);
      const n = this.count(fal.generated, from, to) + this.count(runware.generated, from, to);
      const hits = this.count(fal.vouchers, from, to) + this.count(runware.vouchers, from, to) + loose;
      if (n === 0) return { n, hits, side: 'unmeasured' };
      return { n, hits, side: loose > 0 && isMore(hits, n, line.limit ?? 0) ? 'over' : 'under' };
    };
  }

  private p95(line: RedLine): Gauge {
    return (provider, from, to) => {
      const counts = this.log.raw[provider].slots.map((slot) => this.count(slot, from, to));
      const n = counts.reduce((sum, count) => sum + count, 0);
      const limit = line.limit ?? 0;
      const hits = counts.reduce((sum, count, place) => sum + ((latencies[place] ?? 0) >= limit ? count : 0), 0);
      if (n === 0) return { n, hits, side: 'unmeasured' };
      const twentieths = 19 * (n - 1);
      const low = valueAt(counts, Math.floor(twentieths / 20));
      const high = valueAt(counts, Math.ceil(twentieths / 20));
      return { n, hits, side: low + ((twentieths % 20) / 20) * (high - low) >= limit ? 'over' : 'under' };
    };
  }

  private cost(line: RedLine, row: SplitRow, policy: Policy): Gauge {
    return (provider, from, to) => {
      const raw = this.log.raw[provider];
      const n = this.count(raw.priced, from, to);
      const { fal } = this.log.raw;
      const pricedThere = this.count(fal.priced, from, to);
      const concurrent = pricedThere > 0 ? this.count(fal.costNano, from, to) / pricedThere : null;
      const known = policy.baselineCostUsd ?? row.baselineCostUsd;
      const baseline = known === null ? concurrent : known * 1e9;
      const times = baseline === null ? null : Math.round((line.timesBaseline ?? 1) * baseline);
      const limit = line.limit === null ? times : Math.round(line.limit * 1e9);
      if (n === 0 || limit === null) return { n, hits: 0, side: 'unmeasured' };
      return { n, hits: 0, side: this.count(raw.costNano, from, to) > limit * n ? 'over' : 'under' };
    };
  }

  private count(column: Float64Array, from: number, to: number): number {
    const { origin } = this.log;
    let sum = 0;
    for (let i = Math.max(1, from + 1 - origin); i <= to - origin; i++) sum += column[i] ?? 0;
    return sum;
  }
}

export const floorOf = (row: SplitRow, at: number): number =>
  row.rolloutStartedAtMs === null ? at : Math.floor(row.rolloutStartedAtMs / 10_000);

const hitsOf = (line: RedLine) => (line.metric === 'failure_rate' ? 'failures' : 'vouchers');

/** hits / n > limit without a rounding that could decide. */
const isMore = (hits: number, n: number, limit: number): boolean => hits * 1e6 > Math.round(limit * 1e6) * n;

/** Far over: ten times a share's line, half of all latencies. */
function isFar({ n, hits, side }: Figures, line: RedLine): boolean {
  const far = line.metric === 'p95_latency_ms' ? 0.5 : Math.min(0.6, 10 * (line.limit ?? 0));
  return side === 'over' && n >= 15 && hits >= far * n;
}

function holds(gauge: Gauge, line: RedLine, floor: number, at: number): boolean {
  const [window, hold] = [line.windowSeconds / 10, line.holdSeconds / 10];
  const side = (index: number) => gauge('runware', Math.max(index - window, floor), index).side;
  if (side(at) !== 'over') return false;
  for (let index = at; index > floor; index--) {
    const is = side(index);
    if (is === 'under') return false;
    if (is === 'over' && at - index >= hold) return true;
  }
  return false;
}

function valueAt(counts: readonly number[], rank: number): number {
  let seen = 0;
  for (const [place, count] of counts.entries()) {
    seen += count;
    if (rank < seen) return latencies[place] ?? 0;
  }
  return 0;
}
