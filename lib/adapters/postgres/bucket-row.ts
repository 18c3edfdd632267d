import type { Bucket } from '@/lib/rollout/bucket';
import { Histogram } from '@/lib/rollout/histogram';
import type { Bins } from '@/lib/rollout/quantile';
import { type Figures, type SpanText, scanBins } from './span-text';

export function bucketsOf({ figures, bins }: SpanText): Bucket[] {
  let next = 0;
  return figures.map((row) => {
    const pairs: [number, number][] = [];
    next = scanBins(bins, next, (edge, count) => pairs.push([edge, count]));
    return bucketOf(row, isAscending(pairs) ? pairs : merged(pairs));
  });
}

export function bucketOf(row: Figures, bins: Bins): Bucket {
  const [atMs, provider, requests, failures, refused, priced, costNano, costNanoSquared, generated, vouchers] = row;
  const counts = { requests, failures, refused, bins, priced, costNano, costNanoSquared, generated, vouchers };
  return { atMs, provider, ...counts };
}

/** The usual case: a folded bucket lists each bin once, in order. */
function isAscending(bins: Bins): boolean {
  let last = -1;
  for (const [edge] of bins) {
    if (edge <= last) return false;
    last = edge;
  }
  return true;
}

function merged(bins: Bins): Bins {
  const histogram = new Histogram();
  for (const [edge, count] of bins) histogram.add(edge, count);
  return histogram.bins();
}
