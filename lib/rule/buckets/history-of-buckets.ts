import type { Policy } from '@/lib/split/policy/policy';
import { type Bucket, binEnd, gridSeconds, type PricesOfKey } from './bucket';
import {
  atOnce,
  columns,
  delayAtoms,
  emptyColumns,
  emptyPrices,
  emptyTotals,
  expose,
  gridIndex,
  type History,
  type HistoryBasis,
  jobAgeOf,
  type PriceTotals,
  priceColumns,
  slowLimitOf,
  type Totals,
} from './history';
import { addJobs, type JobTotals, jobColumns, jobHistoryOf } from './jobs';
import { type Latencies, latenciesOf } from './latencies';
import { Histogram, type LatencyBin } from './quantile';

/**
 * The histories of one split's candidates from the same buckets. The baseline's part is made once for those that began
 * together; how long vouchers take is the baseline's to tell, and the same for all.
 */
export class Histories {
  private readonly origin: number;
  private readonly end: number;
  private readonly slowLimitMs: number | null;
  private readonly jobAgeMs: number | null;
  private readonly all: readonly Bucket[];
  /** Where each of them stands on the grid. */
  private readonly slots: readonly number[];
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
    this.jobAgeMs = jobAgeOf(policy);
    this.unattributed = new Float64Array(this.length);
    const [all, slots]: [Bucket[], number[]] = [[], []];
    for (const bucket of buckets) {
      const slot = gridIndex(bucket.atMs) - this.origin;
      if (slot <= 0 || slot >= this.length) continue;
      const known = this.byArm.get(bucket.provider);
      if (known === undefined) this.byArm.set(bucket.provider, [all.length]);
      else known.push(all.length);
      if (bucket.provider === '') put(this.unattributed, slot, bucket.vouchers);
      all.push(bucket);
      slots.push(slot);
    }
    [this.all, this.slots] = [all, slots];
    accumulate(this.unattributed);
  }

  of(arm: string, basis: HistoryBasis): History {
    const { origin, end, slowLimitMs, jobAgeMs, unattributed, policy } = this;
    const [candidate, baseline] = [this.part(arm, basis), this.part(policy.baseline, basis)];
    const places = { candidate: this.byArm.get(arm), baseline: this.byArm.get(policy.baseline) };
    return {
      ...{ origin, end, slowLimitMs, unattributed },
      candidate: candidate.totals,
      baseline: baseline.totals,
      everyone: this.everyone(basis),
      prices: this.pricesOf(candidate, baseline),
      jobs:
        jobAgeMs === null
          ? undefined
          : jobHistoryOf(jobAgeMs, { candidate: candidate.jobs, baseline: baseline.jobs }, (role, from, to) =>
              this.within(places[role], from, to),
            ),
      bins: (role, from, to) => this.binsOf(role === 'everyone' ? null : (places[role] ?? []), from, to),
    };
  }

  /** Of the buckets at these places those of (from, to]. */
  private within(places: readonly number[] = [], from: number, to: number): Bucket[] {
    const { slots, all, origin } = this;
    const inside = places.filter(
      (place) => (slots[place] as number) > from - origin && (slots[place] as number) <= to - origin,
    );
    return inside.map((place) => all[place] as Bucket);
  }

  private get length(): number {
    return this.end - this.origin + 1;
  }

  /** The latencies of (from, to] of the buckets at these places, null for all of them. */
  private binsOf(places: readonly number[] | null, from: number, to: number): readonly LatencyBin[] {
    merged.clear();
    const take = (place: number) => {
      const index = (this.slots[place] as number) + this.origin;
      if (index > from && index <= to) merged.addBins((this.all[place] as Bucket).bins);
    };
    if (places === null) for (let place = 0; place < this.all.length; place++) take(place);
    else for (const place of places) take(place);
    return merged.bins().map(([edge, count]) => [edge, binEnd(edge), count]);
  }

  /** What one arm did; vouchers of generations from before the floor are left out. */
  private part(arm: string, basis: HistoryBasis): Part {
    const key = `${keyOf(basis)} ${arm}`;
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    const { jobAgeMs } = this;
    const jobs = jobAgeMs === null ? null : emptyColumns(jobColumns, this.length);
    const part: Part = { totals: emptyTotals(this.length), prices: new Map(), jobs };
    const floor = gridIndex(basis.floorMs);
    const limits = { slowLimitMs: this.slowLimitMs, quartilesMs: basis.quartilesMs };
    for (const place of this.byArm.get(arm) ?? []) {
      const bucket = this.all[place] as Bucket;
      const slot = this.slots[place] as number;
      add(part.totals, slot, bucket, latenciesOf(bucket, limits));
      put(part.totals.vouchers, slot, -staleVouchers(bucket, slot + this.origin - floor));
      if (jobs !== null && jobAgeMs !== null && bucket.jobs !== undefined && slot + this.origin > floor)
        addJobs(jobs, bucket.jobs, slot, jobAgeMs, put);
      for (const each of pricesOf(bucket)) {
        const known = part.prices.get(each.key) ?? { totals: emptyPrices(this.length), first: place };
        part.prices.set(each.key, known);
        addPrices(known.totals, slot, each);
      }
    }
    this.settle(part.totals, basis.voucherDelays, Math.max(-1, floor - this.origin));
    if (jobs !== null) for (const name of jobColumns) accumulate(jobs[name]);
    for (const { totals } of part.prices.values()) for (const name of priceColumns) accumulate(totals[name]);
    this.parts.set(key, part);
    return part;
  }

  /**
   * The global rate has no floor: its vouchers do not say which generation they are about. Nothing else is asked of all
   * arms together.
   */
  private everyone({ voucherDelays }: HistoryBasis): Totals {
    if (this.together !== null) return this.together;
    const totals = { ...emptyTotals(0), ...emptyColumns(globalColumns, this.length) };
    for (const [place, { generated, vouchers }] of this.all.entries()) {
      const slot = this.slots[place] as number;
      put(totals.generated, slot, generated);
      put(totals.vouchers, slot, vouchers);
    }
    this.settle(totals, voucherDelays, -1);
    this.together = totals;
    return totals;
  }

  private settle(totals: Totals, voucherDelays: HistoryBasis['voucherDelays'], born: number): void {
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
  readonly jobs: JobTotals | null;
}

/** What is asked of all arms together. */
const globalColumns = ['generated', 'vouchers', 'exposure'] as const;

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
