import type { MetricPoint } from '@/lib/api/metrics-view';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import type { Bins } from '@/lib/rule/buckets/quantile';

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
