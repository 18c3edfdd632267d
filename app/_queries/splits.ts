'use client';

import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import type { SplitItem, SplitsView } from '@/lib/api/splits-view';
import { type ApiProblem, callApi, writeApi } from './api';
import { useSplitPlace } from './split';

export const splitsKey = ['splits'] as const;
const pollAfterMs = 5_000;
/** Of the list itself: a stream that is silent for so long is helped out by asking. */
const listPollAfterMs = 2_000;

/** The list, and when the server last said that it is so, on the monotonic clock. */
interface HeardSplits {
  readonly view: SplitsView;
  readonly heardMs: number;
}

export function receiveSplits(client: QueryClient, view: SplitsView): HeardSplits {
  const newest = newerList(client.getQueryData<HeardSplits>(splitsKey), view);
  client.setQueryData(splitsKey, newest);
  return newest;
}

/** The server has looked again, and the list is still so. */
export function confirmSplits(client: QueryClient): void {
  const known = client.getQueryData<HeardSplits>(splitsKey);
  if (known) client.setQueryData(splitsKey, { ...known, heardMs: performance.now() });
}

/** A slow poll may arrive after a newer event of the stream. */
function newerList(known: HeardSplits | undefined, view: SplitsView): HeardSplits {
  if (known && Date.parse(view.now) < Date.parse(known.view.now)) return known;
  return { view, heardMs: performance.now() };
}

function useHeard<T>(select: (heard: HeardSplits) => T, intervalMs: number) {
  const client = useQueryClient();
  return useQuery<HeardSplits, ApiProblem, T>({
    queryKey: splitsKey,
    queryFn: async ({ signal }) => {
      const view = await callApi<SplitsView>('/api/splits', { signal });
      return newerList(client.getQueryData<HeardSplits>(splitsKey), view);
    },
    // What the stream brings restarts it.
    refetchInterval: intervalMs,
    // The first failure is told: a second try would come after the list went stale.
    retry: false,
    structuralSharing: false,
    select,
  });
}

/** Every split in one look: where the page is about them a stream feeds it, elsewhere it asks now and then. */
export const useSplits = () => useHeard(viewOf, pollAfterMs);

/** When the list was last known to be so, and what failed since. */
export const useSplitsHeard = () => useHeard(heardOf, useIsList() ? listPollAfterMs : pollAfterMs);

const viewOf = ({ view }: HeardSplits) => view;
const heardOf = ({ heardMs }: HeardSplits) => heardMs;

/** How long the log keeps where the images of a split lie; null: as the environment says. */
export function useKeepImages() {
  const client = useQueryClient();
  return useMutation<
    unknown,
    ApiProblem,
    { readonly slug: string; readonly hours: number | null; readonly version: number }
  >({
    mutationFn: ({ slug, hours, version }) =>
      writeApi('PUT', `/api/splits/${slug}`, { image_hours: hours, reason: null }, version),
    onSettled: () => client.invalidateQueries({ queryKey: splitsKey }),
  });
}

/** Those that carry traffic, or may. */
export function useLiveSplits(): readonly SplitItem[] {
  return useSplits().data?.splits.filter(({ archived_at }) => archived_at === null) ?? [];
}

/** Whether the page is about all splits: then what concerns one alone is not on it. */
export function useIsList(): boolean {
  const path = usePathname();
  const several = useLiveSplits().length > 1;
  return path === '/splits' || (path === '/' && several);
}

/** Puts the split's name behind a title that asks for something, where there are several. */
export function useNamingSplit(): (title: string) => string {
  const { slug } = useSplitPlace();
  const splits = useLiveSplits();
  const open = splits.length > 1 && splits.find((split) => split.slug === (slug ?? 'gen'));
  return (title) => (open ? `${title} · ${open.label}` : title);
}
