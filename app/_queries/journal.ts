'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { type ApiProblem, callApi, filledIn } from './api';
import { useSplitPlace } from './split';

export interface JournalFilter {
  readonly text: string;
  readonly actor: string;
  readonly verb: string;
  readonly flag: string;
  readonly from: string;
  readonly to: string;
}

const pageSize = 50;

interface JournalPage {
  readonly entries: readonly JournalEntry[];
}

export const journalSearch = (filter: JournalFilter): URLSearchParams => filledIn({ ...filter });

export function useJournal(filter: JournalFilter) {
  const place = useSplitPlace();
  return useInfiniteQuery<JournalPage, ApiProblem, { pages: JournalPage[] }, unknown[], number | null>({
    queryKey: ['journal', place.slug, filter],
    queryFn: ({ signal, pageParam }) => {
      const search = journalSearch(filter);
      search.set('limit', String(pageSize));
      if (pageParam !== null) search.set('before', String(pageParam));
      return callApi<JournalPage>(`${place.api('journal')}?${search}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: ({ entries }) => (entries.length < pageSize ? undefined : (entries.at(-1)?.id ?? undefined)),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export function useJournalEntry(id: number | null) {
  return useQuery<JournalEntry, ApiProblem>({
    queryKey: ['journal', 'entry', id],
    queryFn: ({ signal }) => callApi<JournalEntry>(`/api/journal/${id}`, { signal }),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
