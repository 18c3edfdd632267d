import { binEnd } from './bucket';

/** [lower edge of the bin, rows]. */
export type Bins = readonly (readonly [number, number])[];

/** Latencies from `low` up to `high`; where single latencies are known the two are equal. */
export type LatencyBin = readonly [low: number, high: number, count: number];

/** The bins of several buckets as one, in order of their edges. */
export function mergeBins(parts: readonly Bins[]): Bins {
  const merged = new Map<number, number>();
  for (const bins of parts) for (const [edge, count] of bins) merged.set(edge, (merged.get(edge) ?? 0) + count);
  return [...merged].sort((a, b) => a[0] - b[0]);
}

/**
 * A quantile as `percentile_cont` defines it, from ordered bins: interpolated between the bins of the floor and of the
 * ceil rank. Either value lies within half a bin of its bin's middle, so the error is at most half a bin (0.5 %), at
 * every n. Walking to "the first bin past the rank" instead is off by up to the gap between two neighbours.
 */
export function quantileOfBins(bins: Bins, quantile: number): number | null {
  const spans = bins.map(([edge, count]) => [edge, binEnd(edge), count] as const);
  return atRankOf(spans, (count) => quantile * (count - 1));
}

/** The same of bins that name both their ends, at the rank that `rankOf` makes of their count. */
export function atRankOf(bins: readonly LatencyBin[], rankOf: (count: number) => number): number | null {
  const count = bins.reduce((sum, [, , each]) => sum + each, 0);
  return count === 0 ? null : interpolate(rankOf(count), (rank) => middleAt(bins, rank));
}

/** Between the values of the floor and of the ceil of a rank. */
function interpolate(rank: number, valueAt: (rank: number) => number): number {
  const low = valueAt(Math.floor(rank));
  return low + (rank - Math.floor(rank)) * (valueAt(Math.ceil(rank)) - low);
}

function middleAt(bins: readonly LatencyBin[], rank: number): number {
  let seen = 0;
  for (const [low, high, count] of bins) {
    seen += count;
    if (rank < seen) return (low + high) / 2;
  }
  return 0;
}

export type Quartiles = readonly [number, number, number];

/** Latencies below which quartiles say too little. */
const fewestForQuartiles = 100;

/**
 * The lower edges of the bins that hold the quartiles, as `percentile_disc` picks them: at an edge, counting bins and
 * counting latencies at or over it are one and the same. Null under 100 latencies.
 */
export function quartilesOf(bins: Bins): Quartiles | null {
  const ordered = [...bins].sort((a, b) => a[0] - b[0]);
  const rows = ordered.reduce((sum, [, count]) => sum + count, 0);
  if (rows < fewestForQuartiles) return null;
  return [edgeAt(ordered, rows / 4), edgeAt(ordered, rows / 2), edgeAt(ordered, (rows * 3) / 4)];
}

/** Where the running count first reaches this many. */
function edgeAt(ordered: Bins, rows: number): number {
  let seen = 0;
  for (const [edge, count] of ordered) {
    seen += count;
    if (seen >= rows) return edge;
  }
  return ordered.at(-1)?.[0] ?? 0;
}

/** Slots in order of their edges: hundredths up to 10 ms, tenths up to 100, then 900 for each power of ten. */
const slots = 1900 + 900 * 14;

function placeOf(edge: number): number {
  if (edge < 10) return Math.round(edge * 100);
  if (edge < 100) return 900 + Math.round(edge * 10);
  let [lead, power] = [edge, 0];
  for (; lead >= 1000; power++) lead /= 10;
  return Math.min(1800 + 900 * power + Math.round(lead), slots - 1);
}

/** Nearly every edge is a whole number of milliseconds under ten seconds. */
const places = Int16Array.from({ length: 10_000 }, (_, edge) => placeOf(edge));
const slotOf = (edge: number): number => (Number.isInteger(edge) ? places[edge] : undefined) ?? placeOf(edge);

function edgeOf(slot: number): number {
  if (slot < 1000) return slot / 100;
  if (slot < 1900) return (slot - 900) / 10;
  return (((slot - 1900) % 900) + 100) * 10 ** Math.floor((slot - 1900) / 900);
}

/** Slot, count, slot, count, …: bins that are added up again at each tick, as one run of numbers instead of many pairs. */
const flattened = new WeakMap<Bins, Float64Array>();

function flat(bins: Bins): Float64Array {
  const known = flattened.get(bins);
  if (known !== undefined) return known;
  const fresh = new Float64Array(2 * bins.length);
  let at = 0;
  for (const [edge, count] of bins) {
    fresh[at++] = slotOf(edge);
    fresh[at++] = count;
  }
  flattened.set(bins, fresh);
  return fresh;
}

/** Bins added up one by one, in any order and as often as they come: what `mergeBins` does, for half a million of them. */
export class Histogram {
  private readonly counts = new Float64Array(slots);
  private low = slots;
  private high = -1;
  private count = 0;

  add(edge: number, count: number): void {
    this.put(slotOf(edge), count);
  }

  /** The arrays must never change: what was made of them is remembered. */
  addBins(bins: Bins): void {
    const run = flat(bins);
    for (let at = 0; at < run.length; at += 2) this.put(run[at] as number, run[at + 1] as number);
  }

  private put(slot: number, count: number): void {
    this.counts[slot] = (this.counts[slot] ?? 0) + count;
    if (slot < this.low) this.low = slot;
    if (slot > this.high) this.high = slot;
    this.count += count;
  }

  addAll(other: Histogram): void {
    const [mine, theirs] = [this.counts, other.counts];
    for (let slot = other.low; slot <= other.high; slot++)
      mine[slot] = (mine[slot] as number) + (theirs[slot] as number);
    this.low = Math.min(this.low, other.low);
    this.high = Math.max(this.high, other.high);
    this.count += other.count;
  }

  clear(): void {
    if (this.high >= 0) this.counts.fill(0, this.low, this.high + 1);
    [this.low, this.high, this.count] = [slots, -1, 0];
  }

  /** `quantileOfBins` of the same bins; several in one walk. */
  quantiles<const Q extends readonly number[]>(quantiles: Q): { readonly [K in keyof Q]: number | null } {
    const ranks = quantiles.map((quantile) => quantile * (this.count - 1));
    const wanted = ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]).sort((a, b) => a - b);
    const middles = this.middlesAt(wanted);
    const middleAt = (rank: number) => middles[wanted.indexOf(rank)] ?? 0;
    return ranks.map((rank) => (this.count === 0 ? null : interpolate(rank, middleAt))) as {
      readonly [K in keyof Q]: number | null;
    };
  }

  bins(): Bins {
    const bins: (readonly [number, number])[] = [];
    for (let slot = this.low; slot <= this.high; slot++) {
      const count = this.counts[slot] ?? 0;
      if (count > 0) bins.push([edgeOf(slot), count]);
    }
    return bins;
  }

  private middlesAt(ranks: readonly number[]): number[] {
    const counts = this.counts;
    const middles: number[] = [];
    let next = ranks[0] ?? Number.POSITIVE_INFINITY;
    let seen = 0;
    for (let slot = this.low; slot <= this.high; slot++) {
      seen += counts[slot] as number;
      for (; next < seen; next = ranks[middles.length] ?? Number.POSITIVE_INFINITY)
        middles.push((edgeOf(slot) + binEnd(edgeOf(slot))) / 2);
    }
    return middles;
  }
}
