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

export function orderedBins(bins: Readonly<Record<string, number>>): readonly (readonly [number, number])[] {
  return Object.entries(bins)
    .map(([edge, count]) => [Number(edge), count] as const)
    .sort((a, b) => a[0] - b[0]);
}
