import type { ArmPolicy, Policy } from '@/lib/split/policy/policy';
import { type Bucket, binEnd, gridSeconds, type PricesOfKey } from './bucket';
import { atOnce, delayAtoms, expose } from './exposure';
import { Histogram } from './histogram';
import {
  columns,
  emptyPrices,
  emptyTotals,
  gridIndex,
  type History,
  type HistoryBasis,
  type PriceTotals,
  plainBasis,
  priceColumns,
  slowLimitOf,
  type Totals,
} from './history';
import { type Latencies, latenciesOf } from './latencies';
import type { LatencyBin } from './quantile';

/** The history that one candidate is judged by, from the buckets of (sinceMs, untilMs] in any order. */
export function historyOf(
  buckets: readonly Bucket[],
  policy: ArmPolicy,
  sinceMs: number,
  untilMs: number,
  basis: HistoryBasis = plainBasis,
): History {
  return new Histories(buckets, policy, sinceMs, untilMs).of(policy.candidate, basis);
}

/**
 * The histories of one split's candidates from the same buckets. The baseline's part is made once for those that began
 * together; how long vouchers take is the baseline's to tell, and the same for all.
 */
export class Histories {
  private readonly origin: number;
  private readonly end: number;
  private readonly slowLimitMs: number | null;
  private readonly all: readonly Bucket[];
  /** Places in `all`. */
  private readonly byArm = new Map<string, number[]>();
  private readonly parts = new Map<string, Part>();
  private together: Totals | null = null;
  private readonly unattributed: Float64Array;

  constructor(
    buckets: readonly Bucket[],
    private readonly policy: Policy,
    sinceMs: number,
    untilMs: number,
  ) {
    this.origin = gridIndex(sinceMs);
    this.end = Math.max(this.origin, gridIndex(untilMs));
    this.slowLimitMs = slowLimitOf(policy);
    this.all = buckets.filter(({ atMs }) => gridIndex(atMs) > this.origin && gridIndex(atMs) <= this.end);
    this.unattributed = new Float64Array(this.length);
    for (const [place, bucket] of this.all.entries()) {
      const known = this.byArm.get(bucket.provider);
      if (known === undefined) this.byArm.set(bucket.provider, [place]);
      else known.push(place);
      if (bucket.provider === '') put(this.unattributed, this.slotOf(bucket), bucket.vouchers);
    }
    accumulate(this.unattributed);
  }

  of(arm: string, basis: HistoryBasis): History {
    const { origin, end, slowLimitMs, unattributed, policy } = this;
    const [candidate, baseline] = [this.part(arm, basis), this.part(policy.baseline, basis)];
    const rows = { candidate: this.bucketsOf(arm), baseline: this.bucketsOf(policy.baseline), everyone: this.all };
    return {
      ...{ origin, end, slowLimitMs, unattributed },
      candidate: candidate.totals,
      baseline: baseline.totals,
      everyone: this.everyone(basis),
      prices: this.pricesOf(candidate, baseline),
      bins: (role, from, to) => binsOf(rows[role], from, to),
    };
  }

  private get length(): number {
    return this.end - this.origin + 1;
  }

  private slotOf(bucket: Bucket): number {
    return gridIndex(bucket.atMs) - this.origin;
  }

  private bucketsOf(arm: string): readonly Bucket[] {
    return (this.byArm.get(arm) ?? []).flatMap((place) => this.all[place] ?? []);
  }

  /** What one arm did; vouchers of generations from before the floor are left out. */
  private part(arm: string, basis: HistoryBasis): Part {
    const key = `${keyOf(basis)} ${arm}`;
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    const part: Part = { totals: emptyTotals(this.length), prices: new Map() };
    const floor = gridIndex(basis.floorMs);
    const limits = { slowLimitMs: this.slowLimitMs, quartilesMs: basis.quartilesMs };
    for (const place of this.byArm.get(arm) ?? []) {
      const bucket = this.all[place] as Bucket;
      const slot = this.slotOf(bucket);
      add(part.totals, slot, bucket, latenciesOf(bucket, limits));
      put(part.totals.vouchers, slot, -staleVouchers(bucket, gridIndex(bucket.atMs) - floor));
      for (const each of pricesOf(bucket)) {
        const known = part.prices.get(each.key) ?? { totals: emptyPrices(this.length), first: place };
        part.prices.set(each.key, known);
        addPrices(known.totals, slot, each);
      }
    }
    this.settle(part.totals, basis, Math.max(-1, floor - this.origin));
    for (const { totals } of part.prices.values()) for (const name of priceColumns) accumulate(totals[name]);
    this.parts.set(key, part);
    return part;
  }

  /** The global rate has no floor: its vouchers do not say which generation they are about. */
  private everyone(basis: HistoryBasis): Totals {
    if (this.together !== null) return this.together;
    const totals = emptyTotals(this.length);
    const limits = { slowLimitMs: this.slowLimitMs, quartilesMs: basis.quartilesMs };
    for (const bucket of this.all) add(totals, this.slotOf(bucket), bucket, latenciesOf(bucket, limits));
    this.settle(totals, basis, -1);
    this.together = totals;
    return totals;
  }

  private settle(totals: Totals, { voucherDelays }: HistoryBasis, born: number): void {
    const atoms = delayAtoms(voucherDelays) ?? atOnce;
    expose(totals.exposure, totals.generated, atoms, { first: 0, last: this.length - 1, born });
    for (const name of columns) accumulate(totals[name]);
  }

  private pricesOf(candidate: Part, baseline: Part): History['prices'] {
    const none = emptyPrices(this.length);
    const entries = [...candidate.prices, ...baseline.prices].sort(([, a], [, b]) => a.first - b.first);
    const joined = entries.map(([key]) => {
      const [ours, theirs] = [candidate.prices.get(key)?.totals ?? none, baseline.prices.get(key)?.totals ?? none];
      return [key, { candidate: ours, baseline: theirs }] as const;
    });
    return new Map(joined);
  }
}

/** What one arm did over the buckets. */
interface Part {
  readonly totals: Totals;
  /** `first`: the place of the first bucket that has the key. */
  readonly prices: Map<string, { readonly totals: PriceTotals; readonly first: number }>;
}

const keyOf = ({ floorMs, quartilesMs }: HistoryBasis): string => `${floorMs} ${quartilesMs}`;

function add(totals: Totals, slot: number, bucket: Bucket, { latencies, slow, overQ }: Latencies): void {
  put(totals.requests, slot, bucket.requests);
  put(totals.failures, slot, bucket.failures);
  put(totals.latencies, slot, latencies);
  put(totals.slow, slot, slow);
  put(totals.priced, slot, bucket.priced);
  put(totals.costNano, slot, bucket.costNano);
  put(totals.costNanoSquared, slot, bucket.costNanoSquared);
  put(totals.generated, slot, bucket.generated);
  put(totals.vouchers, slot, bucket.vouchers);
  put(totals.overQ1, slot, overQ[0]);
  put(totals.overQ2, slot, overQ[1]);
  put(totals.overQ3, slot, overQ[2]);
}

function put(column: Float64Array, slot: number, amount: number): void {
  column[slot] = (column[slot] ?? 0) + amount;
}

/** Of a bucket's vouchers those whose generation is older than the bucket is from the floor. */
function staleVouchers(bucket: Bucket, stepsSinceFloor: number): number {
  let stale = 0;
  for (const [seconds, count] of bucket.ages) if (seconds >= stepsSinceFloor * gridSeconds) stale += count;
  return stale;
}

function addPrices(totals: PriceTotals, slot: number, { priced, costNano, costNanoSquared }: PricesOfKey): void {
  put(totals.priced, slot, priced);
  put(totals.costNano, slot, costNano);
  put(totals.costNanoSquared, slot, costNanoSquared);
}

/** All priced rows; those without a key, as of an older log, stand under ''. */
function pricesOf(bucket: Bucket): readonly PricesOfKey[] {
  if (bucket.priced === 0) return [];
  let { priced, costNano, costNanoSquared } = bucket;
  for (const each of bucket.prices) {
    priced -= each.priced;
    costNano -= each.costNano;
    costNanoSquared -= each.costNanoSquared;
  }
  return priced > 0 ? [...bucket.prices, { key: '', priced, costNano, costNanoSquared }] : bucket.prices;
}

function accumulate(column: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < column.length; i++) {
    sum += column[i] ?? 0;
    column[i] = sum;
  }
}

/** Emptied before each use; nothing in here waits. */
const merged = new Histogram();

function binsOf(buckets: readonly Bucket[], from: number, to: number): readonly LatencyBin[] {
  merged.clear();
  for (const bucket of buckets) {
    const index = gridIndex(bucket.atMs);
    if (index > from && index <= to) merged.addBins(bucket.bins);
  }
  return merged.bins().map(([edge, count]) => [edge, binEnd(edge), count]);
}
