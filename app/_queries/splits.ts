'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import type { SplitItem, SplitsView } from '@/lib/api/splits-view';
import { type ApiProblem, callApi, writeApi } from './api';
import { useSplitPlace } from './split';

/** Every split in one look. Each page of a split has its own stream; the list asks. */
export function useSplits() {
  return useQuery<SplitsView, ApiProblem>({
    queryKey: ['splits'],
    queryFn: ({ signal }) => callApi<SplitsView>('/api/splits', { signal }),
    refetchInterval: 5_000,
  });
}

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
    onSettled: () => client.invalidateQueries({ queryKey: ['splits'] }),
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
