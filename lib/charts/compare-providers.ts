import type { ComparisonRow } from '@/lib/api/metrics-view';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { type Bins, quantileOfBins } from '@/lib/rule/buckets/quantile';
import { type ArmPolicy, type Metric, metrics } from '@/lib/split/policy/policy';
import { firstSplit } from '@/lib/split/split-key';
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
}

interface ComparedSpan {
  readonly split: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Candidate against baseline over one span, each figure with what chance leaves open. */
export function compareProviders(
  buckets: readonly Bucket[],
  latencies: Readonly<Record<string, Bins>>,
  { baseline, candidate }: Pick<ArmPolicy, 'baseline' | 'candidate'>,
  span: ComparedSpan,
): readonly ComparisonRow[] {
  const of = (provider: string): Sums => ({ ...sumsOf(buckets, provider), bins: latencies[provider] ?? [] });
  const [theirs, ours] = [of(baseline), of(candidate)];
  return metrics.map((metric) => {
    const [base, cand] = [estimate(metric, theirs), estimate(metric, ours)];
    const interval = difference(base, cand);
    const isKnown = base.value !== null && cand.value !== null;
    return {
      metric,
      baseline: base,
      candidate: cand,
      difference: isKnown ? (cand.value ?? 0) - (base.value ?? 0) : null,
      interval,
      verdict: verdictOf(interval),
      sql: comparisonSql(metric, span),
    };
  });
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
      return shareEstimate(sums.failures, sums.requests);
    case 'cost_per_image':
      return meanEstimate(sums.priced, sums.costUsd, sums.costUsdSquared);
    case 'regenerate_voucher_rate': {
      // More vouchers than images is possible (old images); a share of more than one is not.
      const share = shareEstimate(Math.min(sums.vouchers, sums.generated), sums.generated);
      return sums.generated > 0 ? { ...share, value: sums.vouchers / sums.generated } : share;
    }
  }
}

function sumsOf(buckets: readonly Bucket[], provider: string): Omit<Sums, 'bins'> {
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
  };
}

/** The plan's own statement for a metric over a span, restricted to first attempts as the red lines are. */
function comparisonSql(metric: Metric, { split, fromMs, toMs }: ComparedSpan): string {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const span = `created_at > '${from}' and created_at <= '${to}'`;
  const { route, ok, isVoucher, arm } = split === firstSplit ? ofThePlan : ofSplit(split);
  const firstAttempts = `where ${route} and coalesce((event_data->>'attempt')::int, 1) = 1 and ${span}`;
  switch (metric) {
    case 'p95_latency_ms':
      return `select ${arm},\n       percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95_latency_ms\nfrom analytics_logs ${firstAttempts} group by 1;`;
    case 'failure_rate':
      return `select ${arm},\n       count(*) filter (where event_data->>'error' is not null) * 100.0 / count(*) as failure_rate_percent\nfrom analytics_logs ${firstAttempts} group by 1;`;
    case 'cost_per_image':
      return `select ${arm}, avg((event_data->>'cost_per_image')::numeric) as avg_cost_per_image\nfrom analytics_logs ${firstAttempts} and event_data->>'cost_per_image' is not null group by 1;`;
    case 'regenerate_voucher_rate':
      return `select count(*) filter (where event_type = 'voucher_issued' and event_data->>'reason' = 'regenerate'${isVoucher}) * 100.0\n     / nullif(count(*) filter (where ${ok}), 0) as regenerate_voucher_rate_percent\nfrom analytics_logs where ${span};`;
  }
}

const ofThePlan = {
  route: "event_type = 'gen_route'",
  ok: "event_type = 'gen_ok'",
  isVoucher: '',
  arm: "event_data->>'provider' as provider",
};

function ofSplit(split: string): typeof ofThePlan {
  const rows = (what: string) => `event_type = 'split_${what}' and event_data->>'split' = '${split}'`;
  return {
    route: rows('route'),
    ok: rows('ok'),
    isVoucher: `\n         and sluice.split_of_voucher(event_data) = '${split}'`,
    arm: "event_data->>'arm' as arm",
  };
}
