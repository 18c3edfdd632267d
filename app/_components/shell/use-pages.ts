'use client';

import { useHasJobs } from '@/app/_queries/jobs';
import { useRequestsHref } from '@/app/_queries/requests';
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
] as const satisfies readonly { name: string; path: string; icon: IconName; key: string }[];

export type Page = (typeof pages)[number] & { readonly href: string };

/** The pages of the split that is open; `isKnown` once it is known which it has. */
export function usePages(): { readonly pages: readonly Page[]; readonly isKnown: boolean } {
  const place = useSplitPlace();
  const hasJobs = useHasJobs();
  const requests = useRequestsHref();
  // What a split of jobs is asked for are its jobs, and those lead to their requests.
  const shown = pages.filter(({ name }) => name !== (hasJobs ? 'requests' : 'jobs'));
  return {
    pages: shown.map((page) => ({ ...page, href: page.name === 'requests' ? requests() : place.href(page.path) })),
    isKnown: hasJobs !== undefined,
  };
}
