import type { Bucket } from '@/lib/rule/buckets/bucket';
import { emptyTotals, gridMs, type History, type Role, type Totals } from '@/lib/rule/buckets/history';
import type { LatencyBin } from '@/lib/rule/buckets/quantile';

/** Every latency of a simulated request is one of these, so that bins, exact neighbours and the oracle agree. */
export const latencies = [1200, 5100, 9100, 20_000] as const;
export const providers = ['fal', 'runware'] as const;
export type ProviderName = (typeof providers)[number];

/** What one provider did in one bucket. */
export interface Arrival {
  readonly provider: ProviderName;
  readonly index: number;
  readonly requests: number;
  readonly failures: number;
  /** By the places of `latencies`. */
  readonly latencies: readonly [number, number, number, number];
  readonly priced: number;
  readonly costNano: number;
  readonly costNanoSquared: number;
  readonly generated: number;
  readonly vouchers: number;
  readonly unattributed: number;
}

const rawColumns = ['requests', 'failures', 'priced', 'costNano', 'costNanoSquared', 'generated', 'vouchers'] as const;
type Raw = Readonly<Record<(typeof rawColumns)[number], Float64Array>> & {
  readonly slots: readonly Float64Array[];
  readonly columns: readonly Float64Array[];
};

/**
 * `analytics_logs` as the rule sees it: by event time, and only what has arrived. It is also a `History` with running
 * totals over the whole simulation, so that quiet ticks can be told by a few look-ups. The memory is used again.
 */
export class EventLog implements History {
  end: number;
  slowLimitMs: number | null = 8000;
  readonly candidate: Totals;
  readonly baseline: Totals;
  readonly everyone: Totals;
  readonly unattributed: Float64Array;
  readonly prices: History['prices'];
  readonly raw: Readonly<Record<ProviderName, Raw>>;
  readonly rawUnattributed: Float64Array;
  private readonly cache: Readonly<Record<ProviderName | '', (Bucket | null | undefined)[]>>;
  private touched = 1;

  constructor(
    readonly origin: number,
    readonly length: number,
  ) {
    this.end = origin;
    this.candidate = emptyTotals(length);
    this.baseline = emptyTotals(length);
    this.everyone = emptyTotals(length);
    this.unattributed = new Float64Array(length);
    this.prices = new Map([['', { candidate: this.candidate, baseline: this.baseline }]]);
    this.rawUnattributed = new Float64Array(length);
    this.raw = { fal: rawOf(length), runware: rawOf(length) };
    this.cache = { fal: new Array(length), runware: new Array(length), '': new Array(length) };
  }

  clear(): void {
    const raws = providers.flatMap((name) => [...this.raw[name].columns, ...this.raw[name].slots]);
    for (const column of raws) column.fill(0);
    for (const column of [this.rawUnattributed, this.unattributed]) column.fill(0);
    for (const totals of [this.candidate, this.baseline, this.everyone])
      for (const column of Object.values(totals) as Float64Array[]) column.fill(0);
    for (const cache of Object.values(this.cache)) cache.fill(undefined);
    this.touched = 1;
    this.end = this.origin;
    this.slowLimitMs = 8000;
  }

  /** Rows that have arrived; true when they belong to a bucket that was judged before. */
  arrive(rows: Arrival): boolean {
    const slot = rows.index - this.origin;
    if (slot <= 0 || slot >= this.length) return false;
    const raw = this.raw[rows.provider];
    for (const column of rawColumns) raw[column][slot] = (raw[column][slot] as number) + rows[column];
    for (let place = 0; place < latencies.length; place++) {
      const column = raw.slots[place] as Float64Array;
      column[slot] = (column[slot] as number) + (rows.latencies[place] as number);
    }
    this.rawUnattributed[slot] = (this.rawUnattributed[slot] as number) + rows.unattributed;
    this.cache[rows.provider][slot] = undefined;
    this.cache[''][slot] = undefined;
    this.touched = Math.min(this.touched, slot);
    return rows.index < this.end;
  }

  /** The clock of the database reached this bucket, or was set back to it. */
  reach(index: number): void {
    const last = Math.min(index - this.origin, this.length - 1);
    for (let i = this.touched; i <= last; i++) this.carry(i);
    this.touched = Math.max(this.touched, last + 1);
    this.end = index;
  }

  /** A policy with another p95 line counts other latencies as slow. */
  countSlowFrom(limitMs: number | null): void {
    if (limitMs === this.slowLimitMs) return;
    this.slowLimitMs = limitMs;
    this.touched = 1;
    this.reach(this.end);
  }

  private carry(i: number): void {
    this.carryRole(this.candidate, this.raw.runware, i);
    this.carryRole(this.baseline, this.raw.fal, i);
    const { everyone, raw, rawUnattributed: loose } = this;
    const vouchers = (raw.fal.vouchers[i] as number) + (raw.runware.vouchers[i] as number) + (loose[i] as number);
    const generated = (raw.fal.generated[i] as number) + (raw.runware.generated[i] as number);
    everyone.generated[i] = (everyone.generated[i - 1] as number) + generated;
    everyone.exposure[i] = everyone.generated[i] as number;
    everyone.vouchers[i] = (everyone.vouchers[i - 1] as number) + vouchers;
    this.unattributed[i] = (this.unattributed[i - 1] as number) + (loose[i] as number);
  }

  private carryRole(to: Totals, { columns, slots }: Raw, i: number): void {
    for (let c = 0; c < rawColumns.length; c++) {
      const sums = to[rawColumns[c] as keyof Totals];
      sums[i] = (sums[i - 1] as number) + ((columns[c] as Float64Array)[i] as number);
    }
    to.exposure[i] = to.generated[i] as number;
    let all = 0;
    let slow = 0;
    for (let place = 0; place < latencies.length; place++) {
      const count = (slots[place] as Float64Array)[i] as number;
      all += count;
      if (this.slowLimitMs !== null && (latencies[place] as number) >= this.slowLimitMs) slow += count;
    }
    to.latencies[i] = (to.latencies[i - 1] as number) + all;
    to.slow[i] = (to.slow[i - 1] as number) + slow;
  }

  /** What `MetricsStore.buckets` answers: (since, until]. */
  buckets(sinceMs: number, untilMs: number): Bucket[] {
    const found: Bucket[] = [];
    const first = Math.max(1, Math.floor(sinceMs / gridMs) + 1 - this.origin);
    const last = Math.min(Math.floor(untilMs / gridMs) - this.origin, this.length - 1);
    for (let slot = first; slot <= last; slot++) {
      for (const provider of ['fal', 'runware', ''] as const) {
        const bucket = this.bucketAt(provider, slot);
        if (bucket !== null) found.push(bucket);
      }
    }
    return found;
  }

  private bucketAt(provider: ProviderName | '', slot: number): Bucket | null {
    const kept = this.cache[provider][slot];
    if (kept !== undefined) return kept;
    const made = provider === '' ? this.loose(slot) : this.made(provider, slot);
    this.cache[provider][slot] = made;
    return made;
  }

  private loose(slot: number): Bucket | null {
    const vouchers = this.rawUnattributed[slot] as number;
    if (vouchers === 0) return null;
    const nothing = { requests: 0, failures: 0, priced: 0, costNano: 0, costNanoSquared: 0, generated: 0 };
    return {
      ...nothing,
      atMs: (this.origin + slot) * gridMs,
      provider: '',
      refused: 0,
      bins: [],
      ages: [],
      prices: [],
      vouchers,
    };
  }

  private made(provider: ProviderName, slot: number): Bucket | null {
    const raw = this.raw[provider];
    const requests = raw.requests[slot] as number;
    if (requests === 0 && raw.vouchers[slot] === 0 && raw.generated[slot] === 0) return null;
    const bins: (readonly [number, number])[] = [];
    for (let place = 0; place < latencies.length; place++) {
      const count = (raw.slots[place] as Float64Array)[slot] as number;
      if (count > 0) bins.push([latencies[place] as number, count]);
    }
    return {
      atMs: (this.origin + slot) * gridMs,
      provider,
      requests,
      failures: raw.failures[slot] as number,
      refused: 0,
      bins,
      ages: [],
      prices: [],
      priced: raw.priced[slot] as number,
      costNano: raw.costNano[slot] as number,
      costNanoSquared: raw.costNanoSquared[slot] as number,
      generated: raw.generated[slot] as number,
      vouchers: raw.vouchers[slot] as number,
    };
  }

  /** For display only; nothing that acts reads it from here. */
  bins(role: Role, from: number, to: number): LatencyBin[] {
    if (role === 'everyone') return [];
    const raw = this.raw[role === 'candidate' ? 'runware' : 'fal'];
    return latencies.flatMap((latency, place): LatencyBin[] => {
      let count = 0;
      for (let i = Math.max(1, from + 1 - this.origin); i <= to - this.origin; i++)
        count += (raw.slots[place] as Float64Array)[i] ?? 0;
      return count > 0 ? [[latency, latency, count]] : [];
    });
  }

  /** The total of a raw column over the instants (fromMs, toMs], for what the store sums up. */
  sum(provider: ProviderName, column: (typeof rawColumns)[number], fromMs: number, toMs: number): number {
    const values = this.raw[provider][column];
    let sum = 0;
    const first = Math.max(1, Math.floor(fromMs / gridMs) + 1 - this.origin);
    const last = Math.min(Math.floor(toMs / gridMs) - this.origin, this.length - 1);
    for (let i = first; i <= last; i++) sum += values[i] as number;
    return sum;
  }

  looseVouchers(fromMs: number, toMs: number): number {
    let sum = 0;
    for (let i = Math.floor(fromMs / gridMs) + 1; i <= Math.floor(toMs / gridMs); i++)
      sum += this.rawUnattributed[i - this.origin] ?? 0;
    return sum;
  }
}

function rawOf(length: number): Raw {
  const columns = rawColumns.map(() => new Float64Array(length));
  const named = Object.fromEntries(rawColumns.map((name, c) => [name, columns[c]]));
  return {
    ...(named as Omit<Raw, 'slots' | 'columns'>),
    columns,
    slots: latencies.map(() => new Float64Array(length)),
  };
}
