import type { MetricPoint, MetricsView } from '@/lib/api/snapshot';
import type { Control } from '@/lib/control/control';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import type { Bins } from '@/lib/rule/buckets/quantile';

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface ChartQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** Spans are read from this long before `fromMs`: what windows at its beginning look back on. */
  readonly reachMs: number;
  /** Where the p95 line is: a span says how many of its latencies lie from here on. null without such a line. */
  readonly slowFromMs: number | null;
}

export interface Chart {
  readonly stepSeconds: number;
  /** One series per provider over (fromMs, toMs], at most 1,000 points; a point stands at the right end of its step. */
  readonly series: Readonly<Record<string, readonly MetricPoint[]>>;
  /** 10 s, 1 min or 15 min: as wide as the picture needs, so that ten days cost what an hour costs. */
  readonly spanSeconds: number;
  /** In order of time; of their bins only the two next to `slowFromMs`, with everything on their side. */
  readonly spans: readonly Bucket[];
  /** All latencies of (fromMs, toMs], by provider. */
  readonly latencies: Readonly<Record<string, Bins>>;
}

/** The log for people to look at. */
export interface SeriesStore {
  chart(query: ChartQuery): Promise<Chart>;
  failureKinds(fromMs: number, toMs: number): Promise<Counts>;
  costBases(fromMs: number, toMs: number): Promise<Counts>;
  failureExamples(fromMs: number, toMs: number): Promise<MetricsView['failure_examples']>;
}

/** The control plane with what the charts read besides. */
export interface ChartedControl extends Control {
  readonly series: SeriesStore;
}
