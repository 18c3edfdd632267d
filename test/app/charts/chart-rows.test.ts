import { describe, expect, it } from 'vitest';
import { chartRows, hasNumbers, seriesOf } from '@/app/_components/charts/chart-rows';
import type { MetricPoint, MetricsView } from '@/lib/api/metrics-view';

const point = (at: string, failure_rate: number | null): MetricPoint => ({
  at,
  requests: 1,
  p50_latency_ms: null,
  p95_latency_ms: null,
  p99_latency_ms: null,
  failure_rate,
  cost_per_image: null,
  regenerate_voucher_rate: null,
});

const view = {
  providers: {
    runware: [point('2026-03-02T11:00:20Z', 0.5)],
    fal: [point('2026-03-02T11:00:10Z', 0), point('2026-03-02T11:00:20Z', null)],
  },
} as unknown as MetricsView;

describe('the rows of a chart', () => {
  const series = seriesOf(view, ['fal', 'runware'], 'failure_rate');

  it('put the baseline first', () => {
    expect(series.map(({ key, isBaseline }) => [key, isBaseline])).toEqual([
      ['fal', true],
      ['runware', false],
    ]);
  });

  it('join both providers by time, and keep what was not measured apart from zero', () => {
    const [first, second] = [Date.parse('2026-03-02T11:00:10Z'), Date.parse('2026-03-02T11:00:20Z')];
    expect(chartRows(view, series)).toEqual([
      { atMs: first, fal: 0 },
      { atMs: second, fal: null, runware: 0.5 },
    ]);
  });

  it('know when there is nothing to draw', () => {
    expect(hasNumbers(chartRows(view, series))).toBe(true);
    expect(hasNumbers([{ atMs: 1, fal: null }])).toBe(false);
  });
});
