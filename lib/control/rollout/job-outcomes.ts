import type { JobOutcomes } from '@/lib/api/jobs-view';
import { gridMs } from '@/lib/rule/buckets/history';
import type { Control } from '../control';

type Counts = { -readonly [Name in keyof Omit<JobOutcomes, 'arm'>]: number };

/** What became of the jobs that were ordered in the last seconds, by arm, in order of name. */
export async function jobOutcomes(
  { flags, metrics }: Pick<Control, 'flags' | 'metrics'>,
  seconds: number,
): Promise<readonly JobOutcomes[]> {
  const { nowMs } = await flags.readSplit();
  const arms = new Map<string, Counts>();
  // What is of this moment stands in a bucket that ends in a moment.
  const buckets = await metrics.buckets(nowMs - seconds * 1000, nowMs + gridMs);
  for (const { provider: arm, requests, failures, jobs } of buckets) {
    if (requests === 0 && jobs === undefined) continue;
    const counts = arms.get(arm) ?? { sent: 0, not_accepted: 0, accepted: 0, done: 0, failed: 0, cancelled: 0 };
    arms.set(arm, counts);
    counts.sent += requests;
    counts.not_accepted += failures;
    counts.accepted += jobs?.begun ?? 0;
    counts.done += jobs?.done ?? 0;
    counts.failed += jobs?.failed ?? 0;
    counts.cancelled += jobs?.cancelled ?? 0;
  }
  return [...arms].map(([arm, counts]) => ({ arm, ...counts })).sort((a, b) => (a.arm < b.arm ? -1 : 1));
}
