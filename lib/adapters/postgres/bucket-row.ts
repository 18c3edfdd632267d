import type { Bucket } from '@/lib/rollout/bucket';

/** One row of `read_buckets` as JSON: half the bytes and a third of the time of a row of typed columns. */
export type BucketRow = readonly [
  atMs: number,
  provider: string,
  requests: number,
  failures: number,
  refused: number,
  bins: Readonly<Record<string, number>>,
  priced: number,
  costNano: number,
  costNanoSquared: number,
  generated: number,
  vouchers: number,
];

export function bucketOf(row: BucketRow): Bucket {
  const [atMs, provider, requests, failures, refused, bins, priced, costNano, costNanoSquared, generated, vouchers] =
    row;
  return {
    atMs,
    provider,
    requests,
    failures,
    refused,
    bins: orderedBins(bins),
    priced,
    costNano,
    costNanoSquared,
    generated,
    vouchers,
  };
}

/** By edge. Whole numbers come in order out of any JavaScript object; only fractions (under 100 ms) may not. */
export function orderedBins(bins: Readonly<Record<string, number>>): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  let isOrdered = true;
  for (const key in bins) {
    const edge = Number(key);
    if (edge < (pairs.at(-1)?.[0] ?? 0)) isOrdered = false;
    pairs.push([edge, bins[key] ?? 0]);
  }
  return isOrdered ? pairs : pairs.sort((a, b) => a[0] - b[0]);
}
