import type { Bucket, JobsOfBucket, PricesOfKey } from '@/lib/rule/buckets/bucket';
import { type Bins, Histogram } from '@/lib/rule/buckets/quantile';
import { type AgeBag, type Figures, type JobBag, type PriceBag, type SpanText, scanBins } from './span-text';

/** Bins that come in any order are added up here, one span after the other. */
const unsorted = new Histogram();

export function bucketsOf({ figures, bins }: SpanText): Bucket[] {
  let next = 0;
  return figures.map((row) => {
    const [start, pairs] = readBins(bins, next);
    next = start;
    return bucketOf(row, pairs);
  });
}

/** A folded bucket lists each bin once, in order; what is not folded yet begins again and again. */
function readBins(text: string, start: number): [next: number, bins: Bins] {
  const pairs: [number, number][] = [];
  let last = -1;
  let isJumbled = false;
  const next = scanBins(text, start, (edge, count) => {
    if (isJumbled) unsorted.add(edge, count);
    else if (edge > last) pairs.push([edge, count]);
    else {
      isJumbled = true;
      for (const [each, n] of pairs) unsorted.add(each, n);
      unsorted.add(edge, count);
    }
    last = edge;
  });
  if (!isJumbled) return [next, pairs];
  const bins = unsorted.bins();
  unsorted.clear();
  return [next, bins];
}

export function bucketOf(row: Figures, bins: Bins): Bucket {
  const [atMs, provider, requests, failures, refused, priced, costNano, costNanoSquared, generated, vouchers] = row;
  const [ages, prices, jobs] = [row[10], row[11], row[12]];
  const counts = { requests, failures, refused, bins, priced, costNano, costNanoSquared, generated, vouchers };
  const bucket = { atMs, provider, ...counts, ages: agesOf(ages), prices: pricesOf(prices) };
  return jobs ? { ...bucket, jobs: jobsOf(jobs) } : bucket;
}

/** Most buckets have no vouchers, and share this. */
const none: readonly never[] = [];

function agesOf(bag: AgeBag | null | undefined): Bucket['ages'] {
  if (!bag) return none;
  return Object.entries(bag)
    .map(([edge, count]) => [Number(edge), count] as const)
    .sort((a, b) => a[0] - b[0]);
}

function pricesOf(bag: PriceBag | null | undefined): readonly PricesOfKey[] {
  if (!bag) return none;
  return Object.entries(bag)
    .map(([key, [priced, costNano, costNanoSquared]]) => ({ key, priced, costNano, costNanoSquared }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function jobsOf({ begun = 0, done = 0, failed = 0, cancelled = 0, ...took }: JobBag): JobsOfBucket {
  return { begun, done, failed, cancelled, took: agesOf(took) };
}
