import { describe, expect, it } from 'vitest';
import { windowedPoints } from '@/app/_components/charts/windowed-series';
import type { MetricPoint } from '@/lib/api/metrics-view';

const point = (second: number, requests: number, failure_rate: number | null): MetricPoint => ({
  at: new Date(Date.UTC(2026, 2, 2, 11, 0, second)).toISOString(),
  requests,
  p50_latency_ms: null,
  p95_latency_ms: null,
  p99_latency_ms: null,
  failure_rate,
  cost_per_image: null,
  regenerate_voucher_rate: null,
});

describe('a share over its window', () => {
  it('weighs each point by its requests, and forgets what left the window', () => {
    const points = [point(10, 10, 0), point(20, 30, 0.2), point(30, 10, 0), point(40, 10, 0)];
    const rates = windowedPoints(points, 'failure_rate', 20).map(({ failure_rate }) => failure_rate);
    expect(rates.map((rate) => rate && Number(rate.toFixed(6)))).toEqual([0, 0.15, 0.15, 0]);
  });

  it('is unknown without requests, never zero', () => {
    const points = [point(10, 0, null), point(20, 5, 1), point(50, 0, null)];
    expect(windowedPoints(points, 'failure_rate', 20).map(({ failure_rate }) => failure_rate)).toEqual([null, 1, null]);
  });
});
