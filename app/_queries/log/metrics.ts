'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MetricsView } from '@/lib/api/metrics-view';
import { type ApiProblem, callApi } from '../api';
import { useSplitPlace } from '../split';

/** As the API is asked: so much up to now, or from an instant to another, or to now. */
export type MetricSpan = Readonly<Partial<Record<'window' | 'from' | 'to', string>>>;

const longWindows = ['24h', '7d', '10d'];

/** What ended is not asked for again: it stays as it is. */
function refreshMs({ window = '', to }: MetricSpan): number | false {
  if (to !== undefined && Date.parse(to) < Date.now()) return false;
  return longWindows.includes(window) ? 60_000 : 10_000;
}

/** undefined: it is not known yet what to ask for. */
export function useMetrics(span: MetricSpan | undefined) {
  const place = useSplitPlace();
  const query = new URLSearchParams({ ...span }).toString();
  return useQuery<MetricsView, ApiProblem>({
    queryKey: ['metrics', place.slug, query],
    queryFn: ({ signal }) => callApi<MetricsView>(`${place.api('metrics')}?${query}`, { signal }),
    enabled: span !== undefined,
    refetchInterval: () => refreshMs(span ?? {}),
    staleTime: () => (refreshMs(span ?? {}) === false ? Number.POSITIVE_INFINITY : 0),
    // A new span keeps the old picture until its own arrives.
    placeholderData: keepPreviousData,
  });
}
