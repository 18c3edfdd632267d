import type { ComparisonRow } from '@/lib/api/metrics-view';
import type { Bucket, JobsOfBucket } from '@/lib/rule/buckets/bucket';
import { jobAgeOf } from '@/lib/rule/buckets/history';
import { jobsTogether, timeToDone } from '@/lib/rule/buckets/jobs';
import { type Bins, quantileOfBins } from '@/lib/rule/buckets/quantile';
import { judgedBy, type Metric, metricsOf } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import { type ComparedSpan, comparisonSql } from './comparison-sql';
import { difference, type Estimate, meanEstimate, quantileEstimate, shareEstimate } from './interval';

interface Sums {
  readonly requests: number;
  readonly failures: number;
  readonly priced: number;
  readonly costUsd: number;
  readonly costUsdSquared: number;
  readonly generated: number;
  readonly vouchers: number;
  readonly bins: Bins;
  /** Of the jobs that are as old as their line allows. */
  readonly jobs: JobsOfBucket;
}

/** Each candidate against the baseline over one span, each figure with what chance leaves open. */
export function compareProviders(
  buckets: readonly Bucket[],
  latencies: Readonly<Record<string, Bins>>,
  policy: Policy,
  span: ComparedSpan,
): readonly ComparisonRow[] {
  const { baseline, candidates } = policy;
  const oldMs = span.toMs - (jobAgeOf(policy) ?? 0);
  const of = (provider: string): Sums => ({ ...sumsOf(buckets, provider, oldMs), bins: latencies[provider] ?? [] });
  const theirs = of(baseline);
  return candidates.flatMap((arm) => {
    const ours = of(arm);
    return metricsOf[judgedBy(policy)].map((metric) => {
      const compared = compare(estimate(metric, theirs), estimate(metric, ours));
      return { arm, metric, ...compared, sql: comparisonSql(metric, span) };
    });
  });
}

function compare(baseline: Estimate, candidate: Estimate): Omit<ComparisonRow, 'arm' | 'metric' | 'sql'> {
  const interval = difference(baseline, candidate);
  const isKnown = baseline.value !== null && candidate.value !== null;
  return {
    baseline,
    candidate,
    difference: isKnown ? (candidate.value ?? 0) - (baseline.value ?? 0) : null,
    interval,
    verdict: verdictOf(interval),
  };
}

/** All four are better when smaller. */
function verdictOf(interval: readonly [number, number] | null): ComparisonRow['verdict'] {
  if (interval === null) return 'unknown';
  if (interval[0] > 0) return 'worse';
  return interval[1] < 0 ? 'better' : 'same';
}

function estimate(metric: Metric, sums: Sums): Estimate {
  switch (metric) {
    case 'p95_latency_ms': {
      const n = sums.bins.reduce((total, [, count]) => total + count, 0);
      return quantileEstimate(n, 0.95, (share) => quantileOfBins(sums.bins, share));
    }
    case 'failure_rate':
    case 'accept_failure_rate':
      return shareEstimate(sums.failures, sums.requests);
    case 'cost_per_image':
    case 'cost_per_unit':
      return meanEstimate(sums.priced, sums.costUsd, sums.costUsdSquared);
    case 'regenerate_voucher_rate': {
      // More vouchers than images is possible (old images); a share of more than one is not.
      const share = shareEstimate(Math.min(sums.vouchers, sums.generated), sums.generated);
      return sums.generated > 0 ? { ...share, value: sums.vouchers / sums.generated } : share;
    }
    case 'end_failure_rate':
      return shareEstimate(sums.jobs.failed, sums.jobs.done + sums.jobs.failed);
    case 'p95_time_to_done_ms': {
      const { jobs } = sums;
      return quantileEstimate(Math.max(0, jobs.begun - jobs.cancelled), 0.95, (share) => timeToDone(jobs, share));
    }
  }
}

function sumsOf(buckets: readonly Bucket[], provider: string, oldMs: number): Omit<Sums, 'bins'> {
  const mine = buckets.filter((bucket) => bucket.provider === provider);
  const sum = (of: (bucket: Bucket) => number) => mine.reduce((total, bucket) => total + of(bucket), 0);
  return {
    requests: sum(({ requests }) => requests),
    failures: sum(({ failures }) => failures),
    priced: sum(({ priced }) => priced),
    costUsd: sum(({ costNano }) => costNano) / 1e9,
    costUsdSquared: sum(({ costNanoSquared }) => costNanoSquared) / 1e18,
    generated: sum(({ generated }) => generated),
    vouchers: sum(({ vouchers }) => vouchers),
    jobs: jobsTogether(mine.filter(({ atMs }) => atMs <= oldMs)),
  };
}
