import type { ComparisonRow, MetricPoint } from './metrics-view';

/** What the log of first attempts can be taken apart by. */
export const segmentedBy = ['model', 'size', 'caller'] as const;
export type SegmentedBy = (typeof segmentedBy)[number];

/** The body of GET /api/segments?by=model: the busiest segments, read from the log itself. */
export interface SegmentsView {
  readonly by: SegmentedBy;
  /** At most a day before `to`, and later where the log has more rows than are read. */
  readonly from: string;
  readonly to: string;
  readonly segments: readonly Segment[];
  /** Less busy ones that are not listed. */
  readonly others: number;
  /** Differences that can be told of all listed: so many chances to be misled. */
  readonly looks: number;
  /** How many of them luck alone shows as a difference, on the average. */
  readonly by_luck: number;
  /** The asked segment over time. */
  readonly chart: SegmentChart | null;
}

export interface Segment {
  /** null: requests that do not say it. */
  readonly value: string | null;
  /** By arm. */
  readonly requests: Readonly<Record<string, number>>;
  readonly comparison: readonly Omit<ComparisonRow, 'sql'>[];
}

export interface SegmentChart {
  readonly value: string;
  readonly step_seconds: number;
  readonly providers: Readonly<Record<string, readonly MetricPoint[]>>;
}
