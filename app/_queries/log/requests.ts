'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { RequestDetail, RequestsView } from '@/lib/api/requests-view';
import { type ApiProblem, callApi } from '../api';
import { useSluggedHref } from '../slugged';
import { useSplitPlace } from '../split';

export const requestFields = [
  ...(['outcome', 'arm', 'kind', 'min_ms', 'from', 'to', 'model', 'caller', 'user'] as const),
] as const;
export type RequestFilter = Readonly<Record<(typeof requestFields)[number], string>>;

export const noFilter = Object.fromEntries(requestFields.map((name) => [name, ''])) as RequestFilter;

export function requestSearch(filter: Partial<RequestFilter>): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of requestFields) if (filter[name]) search.set(name, filter[name]);
  return search;
}

/** Not asked again by itself: who reads a page of a busy log must not have it pulled away. */
export function useRequests(filter: RequestFilter) {
  const place = useSplitPlace();
  return useInfiniteQuery<RequestsView, ApiProblem, { pages: RequestsView[] }, unknown[], string | null>({
    queryKey: ['requests', place.slug, filter],
    queryFn: ({ signal, pageParam }) => {
      const search = requestSearch(filter);
      if (pageParam !== null) search.set('before', pageParam);
      return callApi<RequestsView>(`${place.api('requests')}?${search}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
}

/** `at`: about when it was, for ids that do not say it. */
export function useRequest(id: string, at: string | null) {
  const place = useSplitPlace();
  return useQuery<RequestDetail, ApiProblem>({
    queryKey: ['request', place.slug, id, at],
    queryFn: ({ signal }) => {
      const query = at === null ? '' : `?at=${encodeURIComponent(at)}`;
      return callApi<RequestDetail>(`${place.api(`requests/${encodeURIComponent(id)}`)}${query}`, { signal });
    },
    // Its end comes in the moments after its attempts.
    refetchInterval: ({ state }) => (state.data && state.data.end === null ? 5_000 : false),
  });
}

/** Where the requests of the open split stand, also on pages that name none. */
export function useRequestsHref(): (path?: string) => string {
  const href = useSluggedHref();
  return (path = '') => href(`/requests${path}`);
}
