import type { PricesOfKey } from '@/lib/rule/buckets/bucket';
import {
  atOnce,
  columns,
  type DelayAtom,
  emptyTotals,
  expose,
  type History,
  type PriceTotals,
  priceColumns,
  type Totals,
} from '@/lib/rule/buckets/history';
import { type JobHistory, type JobTotals, jobAgeSteps, jobColumns } from '@/lib/rule/buckets/jobs';

/**
 * A history that grows: entries are added in order of arrival, and `settle` carries the running totals on from the
 * oldest bucket touched. It keeps `keep` buckets at least and forgets older ones, so its size does not depend on the
 * length of a recording. `everyone` only carries generations and vouchers.
 */
export class Timeline implements History {
  origin: number;
  end: number;
  readonly candidate: Totals;
  readonly baseline: Totals;
  readonly everyone: Totals;
  readonly unattributed: Float64Array;
  readonly jobs?: JobHistory | undefined;
  readonly prices = new Map<string, { readonly candidate: PriceTotals; readonly baseline: PriceTotals }>();
  private readonly sums: Float64Array[] = [];
  private readonly raws: Float64Array[] = [];
  private readonly rawOf = new Map<Float64Array, Float64Array>();
  private readonly capacity: number;
  private touched: number;
  private atoms = atOnce;
  private floor = Number.NEGATIVE_INFINITY;
  /** Jobs are counted so far ahead: there they are judged. */
  private readonly ahead: number;

  constructor(
    origin: number,
    readonly slowLimitMs: number | null,
    private readonly keep: number,
    readonly bins: History['bins'] = () => [],
    kept: 'every role' | 'candidate' = 'every role',
    jobs: Pick<JobHistory, 'ageMs' | 'took'> | null = null,
  ) {
    this.origin = origin;
    this.end = origin;
    this.touched = origin;
    this.capacity = 2 * (keep + (jobs === null ? 0 : jobAgeSteps(jobs.ageMs))) + 2;
    this.candidate = this.totals();
    // Reading past the end of an empty column gives nothing: what is not kept is a provider without traffic.
    this.baseline = kept === 'candidate' ? emptyTotals(0) : this.totals();
    this.everyone = kept === 'candidate' ? emptyTotals(0) : this.totals();
    this.unattributed = this.column();
    this.ahead = jobs === null ? 0 : jobAgeSteps(jobs.ageMs);
    if (jobs !== null) this.jobs = { ...jobs, candidate: this.jobTotals(), baseline: this.jobTotals() };
  }

  /** Adds to a bucket at or before `end`, of jobs also to one that is to come; what is older than the history no longer matters. */
  add(column: Float64Array, index: number, amount: number): void {
    const slot = index - this.origin;
    if (slot <= 0) return;
    const raw = this.rawOf.get(column);
    if (!raw) throw new Error('A column of another history was given.');
    raw[slot] = (raw[slot] ?? 0) + amount;
    if (index < this.touched) this.touched = index;
  }

  /** A priced row, which counts for its role and for its key. */
  addPrice(
    role: 'candidate' | 'baseline',
    index: number,
    { key, priced, costNano, costNanoSquared }: PricesOfKey,
  ): void {
    const known = this.prices.get(key) ?? { candidate: this.priceTotals(), baseline: this.priceTotals() };
    this.prices.set(key, known);
    for (const totals of [this[role], known[role]]) {
      this.add(totals.priced, index, priced);
      this.add(totals.costNano, index, costNano);
      this.add(totals.costNanoSquared, index, costNanoSquared);
    }
  }

  /**
   * How long vouchers take from now on, and after which index what is generated counts for either role: what can have come
   * back is counted anew.
   */
  expect(atoms: readonly DelayAtom[], floor: number): void {
    this.atoms = atoms;
    this.floor = floor;
    this.touched = this.origin;
  }

  /** Makes room up to `end`, forgetting the oldest buckets when full. */
  reach(end: number): void {
    if (end + this.ahead - this.origin + 1 > this.capacity) this.forget(end);
    this.end = Math.max(this.end, end);
  }

  /** Brings the running totals up to `end`; true when a bucket before the last one had changed. */
  settle(): boolean {
    const first = this.touched - this.origin;
    const last = this.end - this.origin;
    for (const totals of [this.candidate, this.baseline, this.everyone]) this.expose(totals, Math.max(1, first), last);
    for (let c = 0; c < this.sums.length; c++) {
      const raw = this.raws[c] as Float64Array;
      const sums = this.sums[c] as Float64Array;
      for (let i = Math.max(1, first); i <= last; i++) sums[i] = (sums[i - 1] as number) + (raw[i] as number);
    }
    const late = this.touched < this.end;
    this.touched = this.end + 1;
    return late;
  }

  private expose({ generated, exposure }: Totals, first: number, last: number): void {
    const [made, exposed] = [this.rawOf.get(generated), this.rawOf.get(exposure)];
    if (made === undefined || exposed === undefined) return;
    const born = generated === this.everyone.generated ? -1 : Math.max(-1, this.floor - this.origin);
    expose(exposed, made, this.atoms, { first, last, born });
  }

  private forget(end: number): void {
    const origin = end - this.keep;
    const shift = Math.min(origin - this.origin, this.capacity);
    for (const sums of this.sums) sums.fill(0);
    for (const raw of this.raws) {
      raw.copyWithin(0, shift);
      raw.fill(0, this.capacity - shift);
      raw[0] = 0;
    }
    this.origin = origin;
    this.touched = origin;
    this.end = Math.max(this.end, origin);
  }

  private totals(): Totals {
    const made = emptyTotals(0);
    return Object.fromEntries(columns.map((name) => [name, this.column()])) as unknown as typeof made;
  }

  private priceTotals(): PriceTotals {
    return Object.fromEntries(priceColumns.map((name) => [name, this.column()])) as unknown as PriceTotals;
  }

  private jobTotals(): JobTotals {
    return Object.fromEntries(jobColumns.map((name) => [name, this.column()])) as unknown as JobTotals;
  }

  private column(): Float64Array {
    const sums = new Float64Array(this.capacity);
    const raw = new Float64Array(this.capacity);
    this.sums.push(sums);
    this.raws.push(raw);
    this.rawOf.set(sums, raw);
    return sums;
  }
}
