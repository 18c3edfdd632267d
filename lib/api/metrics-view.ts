import type { ImageMetric, JobMetric, Metric } from '@/lib/split/policy/metrics';

/** The body of GET /api/metrics?window=6h: one series per arm, ≤ 1,000 points each. */
export interface MetricsView {
  readonly from: string;
  readonly to: string;
  readonly step_seconds: number;
  readonly providers: Readonly<Record<string, readonly MetricPoint[]>>;
  readonly markers: readonly {
    readonly at: string;
    readonly kind: string;
    readonly label: string;
    readonly journal_id: number;
    readonly stage_to: string | null;
  }[];
  /** What was ordered: as the span began, where the journal knows it, and each change. Oldest first. */
  readonly weights: readonly { readonly at: string; readonly weights: Readonly<Record<string, number>> }[];
  readonly lines: readonly {
    readonly metric: Metric;
    readonly limit: number | null;
    readonly comparison: '>=' | '>';
  }[];
  /** Spans in which a candidate's windowed metric was over its line. */
  readonly breaches: readonly {
    readonly arm: string;
    readonly metric: Metric;
    readonly from: string;
    readonly to: string;
  }[];
  readonly failures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly failure_examples: readonly {
    readonly at: string;
    readonly provider: string;
    readonly kind: string;
    readonly error: string;
    readonly request_id: string | null;
  }[];
  readonly cost_basis: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of each candidate against the baseline, in the order of the policy. */
  readonly comparison: readonly ComparisonRow[];
}

/** The figures of what the split's lines are about. */
export interface MetricPoint
  extends Readonly<Record<ImageMetric, number | null>>,
    Readonly<Partial<Record<JobMetric, number | null>>> {
  readonly at: string;
  readonly requests: number;
  readonly p50_latency_ms: number | null;
  readonly p99_latency_ms: number | null;
}

export interface ComparisonRow {
  /** The candidate. */
  readonly arm: string;
  readonly metric: Metric;
  readonly baseline: {
    readonly value: number | null;
    readonly n: number;
    readonly interval: readonly [number, number] | null;
  };
  readonly candidate: {
    readonly value: number | null;
    readonly n: number;
    readonly interval: readonly [number, number] | null;
  };
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  readonly verdict: 'better' | 'same' | 'worse' | 'unknown';
  /** The plan's own SQL for this row, to paste elsewhere. */
  readonly sql: string;
}
