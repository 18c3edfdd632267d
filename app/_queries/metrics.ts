'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MetricsView } from '@/lib/api/metrics-view';
import { type ApiProblem, callApi } from './api';
import { useSplitPlace } from './split';

export const metricWindows = ['15m', '1h', '6h', '24h', '7d'] as const;
export type MetricWindow = (typeof metricWindows)[number];

export function isMetricWindow(value: unknown): value is MetricWindow {
  return metricWindows.some((window) => window === value);
}

export function useMetrics(window: MetricWindow) {
  const place = useSplitPlace();
  return useQuery<MetricsView, ApiProblem>({
    queryKey: ['metrics', place.slug, window],
    queryFn: ({ signal }) => callApi<MetricsView>(`${place.api('metrics')}?window=${window}`, { signal }),
    refetchInterval: window === '7d' || window === '24h' ? 60_000 : 10_000,
    // A new window keeps the old picture until its own arrives.
    placeholderData: keepPreviousData,
  });
}
