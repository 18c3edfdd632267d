import { z } from 'zod';
import type { ComparisonRow, MetricPoint, MetricsView } from '@/lib/api/metrics-view';
import { type SegmentsView, segmentedBy } from '@/lib/api/segments-view';
import { type ImageMetric, imageMetrics, type JobMetric, jobMetrics } from '@/lib/split/policy/metrics';
import { metric } from './control-plane';
import { nullableNumber } from './nullable';

const text = z.string();
const maybe = nullableNumber.optional();
const counts = z.record(text, z.record(text, z.number()));
const interval = z.tuple([z.number(), z.number()]).nullable();

const point = z.object({
  at: text,
  requests: z.int(),
  p50_latency_ms: nullableNumber,
  p99_latency_ms: nullableNumber,
  ...(Object.fromEntries(imageMetrics.map((name) => [name, nullableNumber])) as Record<
    ImageMetric,
    typeof nullableNumber
  >),
  // Where jobs are judged.
  ...(Object.fromEntries(jobMetrics.map((name) => [name, maybe])) as Record<JobMetric, typeof maybe>),
}) satisfies z.ZodType<MetricPoint>;

const side = z.object({ value: nullableNumber, n: z.int(), interval });

const comparison = z.looseObject({
  arm: text,
  metric,
  baseline: side,
  candidate: side,
  difference: nullableNumber,
  interval,
  verdict: z.enum(['better', 'same', 'worse', 'unknown']),
  sql: text,
}) satisfies z.ZodType<ComparisonRow>;

/** The body of GET /api/metrics. */
export const metricsView = z.looseObject({
  from: text,
  to: text,
  step_seconds: z.number(),
  providers: z.record(text, z.array(point)),
  markers: z.array(
    z.looseObject({ at: text, kind: text, label: text, journal_id: z.int(), stage_to: text.nullable() }),
  ),
  weights: z.array(z.object({ at: text, weights: z.record(text, z.number()) })),
  lines: z.array(z.object({ metric, limit: nullableNumber, comparison: z.enum(['>=', '>']) })),
  breaches: z.array(z.object({ arm: text, metric, from: text, to: text })),
  failures: counts,
  failure_examples: z.array(
    z.object({ at: text, provider: text, kind: text, error: text, request_id: text.nullable() }),
  ),
  cost_basis: counts,
  comparison: z.array(comparison),
}) satisfies z.ZodType<MetricsView>;

/** The body of GET /api/segments. */
export const segmentsView = z.looseObject({
  by: z.enum(segmentedBy),
  from: text,
  to: text,
  segments: z.array(
    z.object({
      value: text.nullable(),
      requests: z.record(text, z.int()),
      comparison: z.array(comparison.omit({ sql: true })),
    }),
  ),
  others: z.int(),
  looks: z.int(),
  by_luck: z.number(),
  chart: z.object({ value: text, step_seconds: z.number(), providers: z.record(text, z.array(point)) }).nullable(),
}) satisfies z.ZodType<SegmentsView>;
