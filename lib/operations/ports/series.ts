import type { Bucket } from '@/lib/rollout/bucket';
import type { MetricPoint, MetricsView } from '@/lib/rollout/snapshot';

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Spans of the log for people to look at: as wide as the picture needs, so that ten days cost what an hour costs. */
export interface SeriesStore {
  /** What a step may be at least for at most 1,000 points. */
  stepSeconds(fromMs: number, toMs: number): number;
  series(fromMs: number, toMs: number, stepSeconds: number): Promise<Readonly<Record<string, readonly MetricPoint[]>>>;
  /** Buckets of 10 s, 1 min or 15 min, the ones kept. */
  spans(fromMs: number, toMs: number, widthSeconds: 10 | 60 | 900): Promise<readonly Bucket[]>;
  failureKinds(fromMs: number, toMs: number): Promise<Counts>;
  costBases(fromMs: number, toMs: number): Promise<Counts>;
  failureExamples(fromMs: number, toMs: number): Promise<MetricsView['failure_examples']>;
}
