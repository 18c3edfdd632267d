import { longestHorizon } from '@/lib/rule/horizons';
import { judgedBy } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import { usualDoneLimitMs } from '@/lib/split/policy/red-lines';
import { gridSeconds } from './bucket';
import { type JobHistory, jobAgeSteps } from './jobs';
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

/** How old a job is when it is judged; null: the policy is not about jobs. */
export function jobAgeOf(policy: Policy): number | null {
  if (judgedBy(policy) !== 'job') return null;
  return policy.redLines.find(({ metric }) => metric === 'p95_time_to_done_ms')?.limit ?? usualDoneLimitMs;
}

/** How far back buckets can move a verdict at `nowMs`: the longest horizon of the longest line. */
export function historySinceMs(policy: Policy, nowMs: number): number {
  const longest = Math.max(0, ...policy.redLines.map((line) => line.windowSeconds + line.holdSeconds));
  const ageMs = jobAgeOf(policy);
  // Jobs are judged when they are old.
  const began = ageMs === null ? 0 : jobAgeSteps(ageMs) * gridMs;
  return gridIndex(nowMs) * gridMs - longestHorizon * longest * 1000 - began;
}

/** A share of all vouchers that comes this many grid steps after the generation. */
export type DelayAtom = readonly [steps: number, share: number];

/** Vouchers below which how long they take is not known. */
const fewestDelays = 20;
/** A voucher that takes longer counts as one that took this long. */
const longestDelaySeconds = 86_400;
/** Equal parts that a distribution of delays is cut into. */
const parts = 32;

/** The distribution of delays in a few equal parts; null when too few are known, and vouchers count as coming at once. */
export function delayAtoms(delays: Bins | null): readonly DelayAtom[] | null {
  const bins = [...(delays ?? [])].sort((a, b) => a[0] - b[0]);
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  if (total < fewestDelays) return null;
  const shares = new Map<number, number>();
  let [part, weight, seconds] = [1, 0, 0];
  let seen = 0;
  const close = () => {
    if (weight === 0) return;
    const steps = Math.round(seconds / weight / gridSeconds);
    shares.set(steps, (shares.get(steps) ?? 0) + weight / total);
    [weight, seconds] = [0, 0];
  };
  for (const [edge, count] of bins) {
    seen += count;
    weight += count;
    seconds += count * Math.min(edge, longestDelaySeconds);
    if (seen < (part * total) / parts) continue;
    close();
    part = Math.floor((seen * parts) / total) + 1;
  }
  close();
  return [...shares];
}

/**
 * What can have come back in each bucket: every generation weighted by the share of vouchers that take just as long as
 * it is old then. Vouchers of a span over the exposure of it are their rate, whether the traffic rises or falls.
 * Fills `exposure` from one slot to another; generations up to slot `born` are left out.
 */
export function expose(
  exposure: Float64Array,
  generated: Float64Array,
  atoms: readonly DelayAtom[],
  { first, last, born }: { readonly first: number; readonly last: number; readonly born: number },
): void {
  exposure.fill(0, first, last + 1);
  for (const [steps, share] of atoms)
    for (let slot = Math.max(first, born + 1 + steps, steps); slot <= last; slot++)
      exposure[slot] = (exposure[slot] as number) + share * (generated[slot - steps] as number);
}

/** Where it is not known how long vouchers take, they come at once. */
export const atOnce: readonly DelayAtom[] = [[0, 1]];
