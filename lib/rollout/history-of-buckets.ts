import { type Bucket, binEnd } from './bucket';
import { columns, emptyTotals, gridIndex, type History, type Role, slowLimitOf, type Totals } from './history';
import type { Policy } from './policy';

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
    for (const role of rolesOf(bucket, policy)) add(roles[role], slot, bucket, slowLimitMs);
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

function add(totals: Totals, slot: number, bucket: Bucket, slowLimitMs: number | null): void {
  const put = (column: Float64Array, amount: number) => {
    column[slot] = (column[slot] ?? 0) + amount;
  };
  put(totals.requests, bucket.requests);
  put(totals.failures, bucket.failures);
  for (const [edge, count] of bucket.bins) {
    put(totals.latencies, count);
    if (slowLimitMs !== null && edge >= slowLimitMs) put(totals.slow, count);
  }
  put(totals.priced, bucket.priced);
  put(totals.costNano, bucket.costNano);
  put(totals.costNanoSquared, bucket.costNanoSquared);
  put(totals.generated, bucket.generated);
  put(totals.vouchers, bucket.vouchers);
}

function accumulate(column: Float64Array): void {
  for (let i = 1; i < column.length; i++) column[i] = (column[i] ?? 0) + (column[i - 1] ?? 0);
}

function binsOf(buckets: readonly Bucket[], policy: Policy): History['bins'] {
  return (role, from, to) => {
    const merged = new Map<number, number>();
    for (const bucket of buckets) {
      const index = gridIndex(bucket.atMs);
      if (index <= from || index > to || !rolesOf(bucket, policy).includes(role)) continue;
      for (const [edge, count] of bucket.bins) merged.set(edge, (merged.get(edge) ?? 0) + count);
    }
    return [...merged].sort((a, b) => a[0] - b[0]).map(([edge, count]) => [edge, binEnd(edge), count]);
  };
}
