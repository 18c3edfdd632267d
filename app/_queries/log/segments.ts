'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { SegmentedBy, SegmentsView } from '@/lib/api/segments-view';
import { type ApiProblem, callApi } from '../api';
import { useSplitPlace } from '../split';
import type { MetricSpan } from './metrics';

/** The log itself is read for it, so not every ten seconds. */
const refreshMs = 60_000;

/** null: nothing is taken apart. */
export function useSegments(span: MetricSpan | undefined, by: SegmentedBy | null, value: string | null) {
  const place = useSplitPlace();
  const query = new URLSearchParams({ ...span, by: by ?? '', ...(value === null ? {} : { value }) }).toString();
  return useQuery<SegmentsView, ApiProblem>({
    queryKey: ['segments', place.slug, query],
    queryFn: ({ signal }) => callApi<SegmentsView>(`${place.api('segments')}?${query}`, { signal }),
    enabled: span !== undefined && by !== null,
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}
