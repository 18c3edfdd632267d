import type { Policy } from '@/lib/split/policy/policy';
import { type Bucket, binEnd } from './bucket';
import { Histogram } from './histogram';
import { columns, emptyTotals, gridIndex, type History, type Role, slowLimitOf, type Totals } from './history';

/** The history that `decide` reads, from the buckets of (sinceMs, untilMs] in any order. */
export function historyOf(buckets: readonly Bucket[], policy: Policy, sinceMs: number, untilMs: number): History {
  const origin = gridIndex(sinceMs);
  const end = Math.max(origin, gridIndex(untilMs));
  const inside = buckets.filter((each) => gridIndex(each.atMs) > origin && gridIndex(each.atMs) <= end);
  const length = end - origin + 1;
  const slowLimitMs = slowLimitOf(policy);
  const roles = { candidate: emptyTotals(length), baseline: emptyTotals(length), everyone: emptyTotals(length) };
  const unattributed = new Float64Array(length);
  for (const bucket of inside) {
    const slot = gridIndex(bucket.atMs) - origin;
    const latencies = latenciesOf(bucket, slowLimitMs);
    for (const role of rolesOf(bucket, policy)) add(roles[role], slot, bucket, latencies);
    if (bucket.provider === '') unattributed[slot] = (unattributed[slot] ?? 0) + bucket.vouchers;
  }
  for (const totals of Object.values(roles)) for (const name of columns) accumulate(totals[name]);
  accumulate(unattributed);
  return { origin, end, slowLimitMs, ...roles, unattributed, bins: binsOf(inside, policy) };
}

function rolesOf(bucket: Bucket, policy: Policy): Role[] {
  if (bucket.provider === policy.candidate) return ['candidate', 'everyone'];
  return bucket.provider === policy.baseline ? ['baseline', 'everyone'] : ['everyone'];
}

function add(totals: Totals, slot: number, bucket: Bucket, { latencies, slow }: Latencies): void {
  put(totals.requests, slot, bucket.requests);
  put(totals.failures, slot, bucket.failures);
  put(totals.latencies, slot, latencies);
  put(totals.slow, slot, slow);
  put(totals.priced, slot, bucket.priced);
  put(totals.costNano, slot, bucket.costNano);
  put(totals.costNanoSquared, slot, bucket.costNanoSquared);
  put(totals.generated, slot, bucket.generated);
  put(totals.vouchers, slot, bucket.vouchers);
}

function put(column: Float64Array, slot: number, amount: number): void {
  column[slot] = (column[slot] ?? 0) + amount;
}

interface Latencies {
  readonly limitMs: number | null;
  readonly latencies: number;
  readonly slow: number;
}

/** A tick sees the same few thousand buckets as the one before it; counting their bins anew was most of its work. */
const counted = new WeakMap<Bucket, Latencies>();

function latenciesOf(bucket: Bucket, limitMs: number | null): Latencies {
  const known = counted.get(bucket);
  if (known !== undefined && known.limitMs === limitMs) return known;
  let [latencies, slow] = [0, 0];
  for (const [edge, count] of bucket.bins) {
    latencies += count;
    if (limitMs !== null && edge >= limitMs) slow += count;
  }
  const fresh = { limitMs, latencies, slow };
  counted.set(bucket, fresh);
  return fresh;
}

function accumulate(column: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < column.length; i++) {
    sum += column[i] ?? 0;
    column[i] = sum;
  }
}

/** Emptied before each use; nothing in here waits. */
const merged = new Histogram();

function binsOf(buckets: readonly Bucket[], policy: Policy): History['bins'] {
  return (role, from, to) => {
    merged.clear();
    for (const bucket of buckets) {
      const index = gridIndex(bucket.atMs);
      if (index <= from || index > to || !rolesOf(bucket, policy).includes(role)) continue;
      merged.addBins(bucket.bins);
    }
    return merged.bins().map(([edge, count]) => [edge, binEnd(edge), count]);
  };
}
