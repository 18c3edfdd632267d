import type { Bucket } from './bucket';
import type { Quartiles } from './quantile';

interface Limits {
  readonly slowLimitMs: number | null;
  readonly quartilesMs: Quartiles | null;
}

/** Rows of a bucket with a latency, and those of them at or over each limit. */
export interface Latencies {
  readonly limits: Limits;
  readonly latencies: number;
  readonly slow: number;
  readonly overQ: Quartiles;
}

/** A tick sees the same few thousand buckets as the one before it; counting their bins anew was most of its work. */
const counted = new WeakMap<Bucket, Latencies>();

export function latenciesOf(bucket: Bucket, limits: Limits): Latencies {
  const known = counted.get(bucket);
  if (known !== undefined && sameLimits(known.limits, limits)) return known;
  let [latencies, slow] = [0, 0];
  const over: [number, number, number] = [0, 0, 0];
  const { slowLimitMs, quartilesMs } = limits;
  for (const [edge, count] of bucket.bins) {
    latencies += count;
    if (slowLimitMs !== null && edge >= slowLimitMs) slow += count;
    if (quartilesMs === null) continue;
    if (edge >= quartilesMs[0]) over[0] += count;
    if (edge >= quartilesMs[1]) over[1] += count;
    if (edge >= quartilesMs[2]) over[2] += count;
  }
  const fresh = { limits, latencies, slow, overQ: over };
  counted.set(bucket, fresh);
  return fresh;
}

function sameLimits(a: Limits, b: Limits): boolean {
  return (
    a.slowLimitMs === b.slowLimitMs && (a.quartilesMs === b.quartilesMs || `${a.quartilesMs}` === `${b.quartilesMs}`)
  );
}
