'use client';

import { useQuery } from '@tanstack/react-query';
import type { IncidentView } from '@/lib/api/incident-view';
import { type ApiProblem, callApi } from '../api';
import { useSplitPlace } from '../split';

const recoveryMs = 15 * 60_000;

/** What came after it is still coming for a quarter of an hour. */
const isGoingOn = (view: IncidentView | undefined) =>
  view !== undefined && Date.parse(view.charts.to) - Date.parse(view.times.rolled_back_at) < recoveryMs;

export function useIncident(seq: number) {
  const place = useSplitPlace();
  return useQuery<IncidentView, ApiProblem>({
    queryKey: ['incident', place.slug, seq],
    queryFn: ({ signal }) => callApi<IncidentView>(place.api(`incidents/${seq}`), { signal }),
    refetchInterval: ({ state }) => (isGoingOn(state.data) ? 15_000 : false),
  });
}
