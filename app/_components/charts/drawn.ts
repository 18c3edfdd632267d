import type { MetricsView } from '@/lib/api/metrics-view';
import type { ChartBand, ChartRow, ChartSeries } from './chart-rows';
import { type Scales, type Size, scalesOf } from './plot';
import { roundValues } from './round-values';

/** What a chart shows: the same object as long as nothing of it has changed. */
export interface Drawn {
  readonly title: string;
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly bands: readonly ChartBand[];
  readonly fromMs: number;
  readonly toMs: number;
  /** A figure over a window is true so long after its point; 0 for one of its own step alone. */
  readonly standsMs: number;
  /** A line goes on to the next point when that is no later than this. */
  readonly gapMs: number;
  readonly format: (value: number | null) => string;
  readonly limit: number | null;
  readonly breaches: MetricsView['breaches'];
  readonly markers: MetricsView['markers'];
  readonly size: Size;
}

/** The ticks of the value axis: up to the highest of all that is drawn, the red line too. */
export function valuesOf({ rows, series, limit }: Pick<Drawn, 'rows' | 'series' | 'limit'>): readonly number[] {
  let highest = limit ?? 0;
  for (const { key } of series) for (const row of rows) highest = Math.max(highest, row[key] ?? 0);
  return roundValues(highest) ?? [0];
}

export function scalesOfDrawn(drawn: Drawn): Scales {
  return scalesOf(drawn.size, drawn.fromMs, drawn.toMs, valuesOf(drawn).at(-1) || 1);
}
