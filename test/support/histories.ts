import { type Bucket, gridSeconds } from '@/lib/rule/buckets/bucket';
import { type History, type HistoryBasis, plainBasis } from '@/lib/rule/buckets/history';
import { Histories } from '@/lib/rule/buckets/history-of-buckets';
import type { ArmPolicy } from '@/lib/split/policy/policy';

/** The history that one candidate is judged by, from the buckets of (sinceMs, untilMs] in any order. */
export function historyOf(
  buckets: readonly Bucket[],
  policy: ArmPolicy,
  sinceMs: number,
  untilMs: number,
  basis: HistoryBasis = plainBasis,
): History {
  return new Histories(buckets, policy, sinceMs, untilMs).of(policy.candidate, basis);
}

/** The right end of the bucket that holds an instant; buckets are closed on the right. */
export function bucketEndMs(instantMs: number): number {
  return Math.ceil(instantMs / (gridSeconds * 1000)) * gridSeconds * 1000;
}
