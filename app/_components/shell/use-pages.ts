'use client';

import { useHasJobs } from '@/app/_queries/jobs';
import { useCompareHref } from '@/app/_queries/log/comparisons';
import { useRequestsHref } from '@/app/_queries/log/requests';
import { useSplitPlace } from '@/app/_queries/split';
import type { IconName } from '../ui/icon';

/** `key` follows a `g`. */
const pages = [
  { name: 'overview', path: '/', icon: 'gauge', key: 'o' },
  { name: 'metrics', path: '/charts', icon: 'chart', key: 'm' },
  { name: 'providers', path: '/providers', icon: 'server', key: 'p' },
  { name: 'requests', path: '/requests', icon: 'search', key: 'q' },
  { name: 'jobs', path: '/jobs', icon: 'film', key: 'b' },
  { name: 'journal', path: '/journal', icon: 'book', key: 'j' },
  { name: 'policy', path: '/policy', icon: 'rules', key: 'y' },
  { name: 'compare', path: '/compare', icon: 'eye', key: 'c' },
] as const satisfies readonly { name: string; path: string; icon: IconName; key: string }[];

export type Page = (typeof pages)[number] & { readonly href: string };

/** Found by keys, by the palette and from the page of requests: there is no room for a seventh tab at a thumb. */
export const isTab = ({ name }: Page): boolean => name !== 'compare';

/** The pages of the split that is open; `isKnown` once it is known which it has. */
export function usePages(): { readonly pages: readonly Page[]; readonly isKnown: boolean } {
  const place = useSplitPlace();
  const hasJobs = useHasJobs();
  const requests = useRequestsHref();
  const compare = useCompareHref();
  // What a split of jobs is asked for are its jobs, and those lead to their requests.
  const shown = pages.filter(({ name }) => (hasJobs ? name !== 'requests' && name !== 'compare' : name !== 'jobs'));
  const hrefs: Partial<Record<Page['name'], string>> = { requests: requests(), compare };
  return {
    pages: shown.map((page) => ({ ...page, href: hrefs[page.name] ?? place.href(page.path) })),
    isKnown: hasJobs !== undefined,
  };
}
