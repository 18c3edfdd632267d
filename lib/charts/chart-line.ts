import type { MetricPoint } from '@/lib/api/metrics-view';
import type { Bucket, JobsOfBucket } from '@/lib/rule/buckets/bucket';
import { addJobBags, timeToDone } from '@/lib/rule/buckets/jobs';
import { Histogram } from '@/lib/rule/buckets/quantile';
import type { JobMetric } from '@/lib/split/policy/metrics';

const nothing = { requests: 0, failures: 0, priced: 0, costNano: 0, generated: 0, vouchers: 0 };

/** One provider's line in the making: spans come in order of time and are added up to points. */
export class ChartLine {
  /** Every latency of the line, once it is finished. */
  readonly all = new Histogram();
  private readonly points: MetricPoint[] = [];
  private readonly latencies = new Histogram();
  private endMs: number | null = null;
  private sums = { ...nothing };
  /** Those that began in the step: of its newest ones little is known yet. */
  private jobs: JobsOfBucket[] = [];
  private hasJobs = false;

  /** What comes next belongs to the step that ends then. */
  step(endMs: number): void {
    if (endMs === this.endMs) return;
    this.close();
    this.endMs = endMs;
  }

  addLatency(edge: number, count: number): void {
    this.latencies.add(edge, count);
  }

  addSpan(span: Bucket): void {
    for (const key of Object.keys(nothing) as (keyof typeof nothing)[]) this.sums[key] += span[key];
    if (span.jobs === undefined) return;
    this.jobs.push(span.jobs);
    this.hasJobs = true;
  }

  finish(): readonly MetricPoint[] {
    this.close();
    return this.points;
  }

  private close(): void {
    if (this.endMs === null) return;
    const { requests, failures, priced, costNano, generated, vouchers } = this.sums;
    const [p50, p95, p99] = this.latencies.quantiles([0.5, 0.95, 0.99]);
    this.points.push({
      at: new Date(this.endMs).toISOString(),
      requests,
      p50_latency_ms: p50,
      p95_latency_ms: p95,
      p99_latency_ms: p99,
      failure_rate: requests > 0 ? failures / requests : null,
      cost_per_image: priced > 0 ? costNano / priced / 1e9 : null,
      regenerate_voucher_rate: generated > 0 ? vouchers / generated : null,
      ...(this.hasJobs ? jobFigures(this.jobs, { requests, failures, priced, costNano }) : {}),
    });
    this.all.addAll(this.latencies);
    this.latencies.clear();
    this.sums = { ...nothing };
    this.jobs = [];
    this.endMs = null;
  }
}

function jobFigures(
  began: readonly JobsOfBucket[],
  { requests, failures, priced, costNano }: Pick<typeof nothing, 'requests' | 'failures' | 'priced' | 'costNano'>,
): Required<Pick<MetricPoint, JobMetric>> {
  const jobs = addJobBags(began);
  const ended = jobs.done + jobs.failed;
  return {
    accept_failure_rate: requests > 0 ? failures / requests : null,
    end_failure_rate: ended > 0 ? jobs.failed / ended : null,
    p95_time_to_done_ms: timeToDone(jobs, 0.95),
    cost_per_unit: priced > 0 ? costNano / priced / 1e9 : null,
  };
}
