import type { MetricPoint, MetricsView } from '@/lib/api/metrics-view';
import { armColour, byArm } from '../state/arm-colour';

type PointField = Exclude<keyof MetricPoint, 'at'>;

/** A line of a chart, mostly one field of one arm. */
export interface ChartSeries {
  readonly key: string;
  readonly provider: string;
  /** What it is called where that is not its key. */
  readonly name?: string;
  /** Left out where its rows are not the points of the view. */
  readonly field?: PointField;
  readonly isBaseline: boolean;
  readonly colour: string;
  /** Where a chart shows more than one field: p50 dotted, p95 whole, p99 dashed. */
  readonly dash?: string;
}

/** Filled between two lines of one arm. */
export interface ChartBand {
  readonly low: string;
  readonly high: string;
  readonly colour: string;
}

export type ChartRow = { readonly atMs: number } & Readonly<Record<string, number | null>>;

/** One row per instant with a column per series; what a provider did not measure is null, never 0. */
export function chartRows(view: MetricsView, series: readonly ChartSeries[]): ChartRow[] {
  const rows = new Map<number, Record<string, number | null>>();
  for (const { key, provider, field } of series) {
    if (field === undefined) continue;
    for (const point of view.providers[provider] ?? []) {
      const atMs = Date.parse(point.at);
      const row = rows.get(atMs) ?? {};
      row[key] = point[field] ?? null;
      rows.set(atMs, row);
    }
  }
  return [...rows.entries()].sort(([a], [b]) => a - b).map(([atMs, row]) => ({ ...row, atMs }) as ChartRow);
}

/** `order` as armOrder makes it: the baseline first. */
export function seriesOf(view: MetricsView, order: readonly string[], field: PointField): ChartSeries[] {
  return Object.keys(view.providers)
    .sort(byArm(order))
    .map((provider) => ({
      ...{ key: provider, provider, field },
      isBaseline: provider === order[0],
      colour: armColour(order, provider),
    }));
}

export const hasNumbers = (rows: readonly ChartRow[]): boolean =>
  rows.some((row) => Object.entries(row).some(([key, value]) => key !== 'atMs' && value !== null));
