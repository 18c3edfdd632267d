'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MetricsView } from '@/lib/api/metrics-view';
import { type ApiProblem, callApi } from './api';

export const metricWindows = ['15m', '1h', '6h', '24h', '7d'] as const;
export type MetricWindow = (typeof metricWindows)[number];

export function isMetricWindow(value: unknown): value is MetricWindow {
  return metricWindows.some((window) => window === value);
}

export function useMetrics(window: MetricWindow) {
  return useQuery<MetricsView, ApiProblem>({
    queryKey: ['metrics', window],
    queryFn: ({ signal }) => callApi<MetricsView>(`/api/metrics?window=${window}`, { signal }),
    refetchInterval: window === '7d' || window === '24h' ? 60_000 : 10_000,
    // A new window keeps the old picture until its own arrives.
    placeholderData: keepPreviousData,
  });
}
