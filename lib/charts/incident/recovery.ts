import type { SideFigures } from '@/lib/api/incident-view';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { mergeBins, quantileOfBins } from '@/lib/rule/buckets/quantile';

/** One arm over (fromMs, toMs]; null where it had no requests then. */
export function figuresOf(buckets: readonly Bucket[], arm: string, fromMs: number, toMs: number): SideFigures | null {
  const its = buckets.filter(({ provider, atMs }) => provider === arm && atMs > fromMs && atMs <= toMs);
  const requests = its.reduce((sum, bucket) => sum + bucket.requests, 0);
  if (requests === 0) return null;
  const failures = its.reduce((sum, bucket) => sum + bucket.failures, 0);
  return {
    ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
    ...{ requests, failure_rate: failures / requests },
    p95_latency_ms: quantileOfBins(mergeBins(its.map(({ bins }) => bins)), 0.95),
  };
}
