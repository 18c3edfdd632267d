import { longestHorizon } from '@/lib/rule/horizons';
import type { Policy } from '@/lib/split/policy/policy';
import { gridSeconds } from './bucket';
import { type JobHistory, jobAgeOf, jobAgeSteps } from './jobs';
import type { Bins, LatencyBin, Quartiles } from './quantile';

/**
 * Running totals on the ten-second grid: entry i is the total up to and including the bucket that ends at grid index
 * `origin + i`, so any window is two look-ups whatever its length. Grid index = instant in ms / 10,000.
 */
export interface Totals {
  readonly requests: Float64Array;
  readonly failures: Float64Array;
  /** Rows with a latency, and those of them at or over the p95 line's limit. */
  readonly latencies: Float64Array;
  readonly slow: Float64Array;
  readonly priced: Float64Array;
  readonly costNano: Float64Array;
  readonly costNanoSquared: Float64Array;
  readonly generated: Float64Array;
  /** Vouchers whose generation is not from before the rollout, and what can have come back by then: their n. */
  readonly vouchers: Float64Array;
  readonly exposure: Float64Array;
  /** Rows with a latency at or over each of the early warning's quartiles. */
  readonly overQ1: Float64Array;
  readonly overQ2: Float64Array;
  readonly overQ3: Float64Array;
}

export const overQuartiles = ['overQ1', 'overQ2', 'overQ3'] as const satisfies readonly (keyof Totals)[];

export type PriceTotals = Pick<Totals, 'priced' | 'costNano' | 'costNanoSquared'>;

export const columns = [
  'requests',
  'failures',
  'latencies',
  'slow',
  'priced',
  'costNano',
  'costNanoSquared',
  'generated',
  'vouchers',
  'exposure',
  'overQ1',
  'overQ2',
  'overQ3',
] as const satisfies readonly (keyof Totals)[];

export const priceColumns = ['priced', 'costNano', 'costNanoSquared'] as const satisfies readonly (keyof PriceTotals)[];

/** What a history is made with besides its buckets. */
export interface HistoryBasis {
  /** Vouchers of generations at or before this instant are left out: nothing before the rollout counts. */
  readonly floorMs: number;
  /** How long vouchers of the baseline take, [seconds, vouchers]; null when it is not known: then they come at once. */
  readonly voucherDelays: Bins | null;
  /** The latencies that the early warning sorts by. */
  readonly quartilesMs: Quartiles | null;
}

export const plainBasis: HistoryBasis = {
  floorMs: Number.NEGATIVE_INFINITY,
  voucherDelays: null,
  quartilesMs: null,
};

export type Role = 'candidate' | 'baseline' | 'everyone';

export interface History {
  /** The grid index before the first bucket; nothing is known at or before it. */
  readonly origin: number;
  /** The last grid index covered. */
  readonly end: number;
  /** The latency that `slow` counts from; null without a p95 line. */
  readonly slowLimitMs: number | null;
  readonly candidate: Totals;
  readonly baseline: Totals;
  /** Generations, vouchers and their exposure; the other columns are empty: nothing else is asked of all arms together. */
  readonly everyone: Totals;
  /** The priced rows of both by `price_key`. */
  readonly prices: ReadonlyMap<string, { readonly candidate: PriceTotals; readonly baseline: PriceTotals }>;
  /** Absent where the policy is not about jobs. */
  readonly jobs?: JobHistory | undefined;
  /** Vouchers that name neither a request nor a provider; `everyone.vouchers` includes them. */
  readonly unattributed: Float64Array;
  /** For display and where exact neighbours are not given: the latencies of a span (from, to], in order. */
  readonly bins: (role: Role, from: number, to: number) => readonly LatencyBin[];
}

export const gridMs = gridSeconds * 1000;

/** The last grid instant at or before a moment. */
export const gridIndex = (instantMs: number): number => Math.floor(instantMs / gridMs);

/** The total over the grid span (from, to]. */
export function total(history: History, column: Float64Array, from: number, to: number): number {
  const { origin, end } = history;
  const low = from < origin ? 0 : from > end ? end - origin : from - origin;
  const high = to < origin ? 0 : to > end ? end - origin : to - origin;
  return (column[high] ?? 0) - (column[low] ?? 0);
}

/** One piece of memory for all columns: thousands of them are made at each tick. */
export function emptyColumns<Name extends string>(names: readonly Name[], length: number): Record<Name, Float64Array> {
  const memory = new Float64Array(names.length * length);
  const made: Partial<Record<Name, Float64Array>> = {};
  for (const [i, name] of names.entries()) made[name] = memory.subarray(i * length, (i + 1) * length);
  return made as Record<Name, Float64Array>;
}

export const emptyTotals = (length: number): Totals => emptyColumns(columns, length);
export const emptyPrices = (length: number): PriceTotals => emptyColumns(priceColumns, length);

/** The latency limit of the policy's p95 line. */
export function slowLimitOf(policy: Policy): number | null {
  return policy.redLines.find((line) => line.metric === 'p95_latency_ms')?.limit ?? null;
}

/** How far back buckets can move a verdict at `nowMs`: the longest horizon of the longest line. */
export function historySinceMs(policy: Policy, nowMs: number): number {
  const longest = Math.max(0, ...policy.redLines.map((line) => line.windowSeconds + line.holdSeconds));
  const ageMs = jobAgeOf(policy);
  // Jobs are judged when they are old.
  const began = ageMs === null ? 0 : jobAgeSteps(ageMs) * gridMs;
  return gridIndex(nowMs) * gridMs - longestHorizon * longest * 1000 - began;
}
