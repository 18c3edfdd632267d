/** The grid of every window, hold and bucket. */
export const gridSeconds = 10;

/**
 * What one provider did in the ten seconds (atMs - 10 s, atMs], from first attempts only (intent to treat).
 * `provider` is '' for vouchers that name neither a request nor a provider.
 */
export interface Bucket {
  readonly atMs: number;
  readonly provider: string;
  /** First attempts, content-policy refusals included: `requests` is the failure rate's n. */
  readonly requests: number;
  readonly failures: number;
  readonly refused: number;
  /** [lower edge of the bin in ms, count]; edges keep three significant digits, see `binOf`. */
  readonly bins: readonly (readonly [number, number])[];
  /** Rows with a cost, the sum of their `cost_per_image` in nano-dollars, and the sum of squares (of nano-dollars). */
  readonly priced: number;
  readonly costNano: number;
  readonly costNanoSquared: number;
  /** `gen_ok` rows and regenerate vouchers attributed to the provider. */
  readonly generated: number;
  readonly vouchers: number;
  /** How old the generation was when its voucher came, where it is known: [lower edge in seconds, see `binOf`, vouchers]. */
  readonly ages: readonly (readonly [number, number])[];
  /** Those of the priced rows that have a `price_key`, by it. */
  readonly prices: readonly PricesOfKey[];
  /** Of the jobs that the arm began in these ten seconds; absent where it began none. */
  readonly jobs?: JobsOfBucket;
}

/** Jobs by when they began, whenever it became known what became of them. Only where they were made as drawn. */
export interface JobsOfBucket {
  /** Accepted, what became of them or not. */
  readonly begun: number;
  readonly done: number;
  /** With those that were given up. */
  readonly failed: number;
  /** By the caller: neither good nor bad. */
  readonly cancelled: number;
  /** How long those took that ended by themselves, one way or the other: [lower edge in ms, jobs]. */
  readonly took: readonly (readonly [number, number])[];
}

/** Prices of images that should cost the same: one model, size and whatever else the price depends on. */
export interface PricesOfKey {
  readonly key: string;
  readonly priced: number;
  readonly costNano: number;
  readonly costNanoSquared: number;
}

/** The mean over all keys in US dollars; null where nothing is priced. */
export function meanPriceUsd(prices: readonly PricesOfKey[] | null): number | null {
  let [priced, costNano] = [0, 0];
  for (const each of prices ?? []) {
    priced += each.priced;
    costNano += each.costNano;
  }
  return priced > 0 ? costNano / priced / 1e9 : null;
}

/**
 * The bin of a latency: its first three significant digits. The relative error is under 1 %, and every limit of
 * three significant digits (8000, 12500, 990) is an edge, so "how many ≥ limit" is exact.
 */
export function binOf(latencyMs: number): number {
  if (latencyMs < 1) return Math.floor(latencyMs * 100) / 100;
  const digits = Math.floor(Math.log10(latencyMs) + 1e-12);
  const step = 10 ** (digits - 2);
  return step >= 1
    ? Math.floor(latencyMs / step) * step
    : Math.floor(latencyMs * 10 ** (2 - digits)) / 10 ** (2 - digits);
}

/** The upper edge of the bin that starts at `edge`. */
export function binEnd(edge: number): number {
  if (edge < 1) return edge + 0.01;
  return edge + 10 ** (Math.floor(Math.log10(edge) + 1e-12) - 2);
}
