'use client';

import { usePathname } from 'next/navigation';
import { useMemo } from 'react';

/** Where the pages of one split stand, and the doors that answer for it. */
export interface SplitPlace {
  /** null in an address that names none, which is the first split's. */
  readonly slug: string | null;
  /** `policy` → `/api/policy`, or `/api/splits/video/policy`. */
  api(path: string): string;
  /** `/policy` → `/policy`, or `/s/video/policy`. */
  href(path: string): string;
}

export function placeOf(pathname: string | null): SplitPlace {
  const slug = /^\/s\/([^/]+)/.exec(pathname ?? '')?.[1] ?? null;
  if (slug === null) return { slug, api: (path) => `/api/${path}`, href: (path) => path };
  // No name, however it was written by hand, may lead to the doors of another split: the server says that it has none such.
  const named = encodeURIComponent(slug.replaceAll('.', '%2E'));
  return {
    slug,
    // The verbs and the snapshot of the first split stand below /api/rollout, those of the others below the split itself.
    api: (path) => `/api/splits/${named}${path.replace(/^rollout/, '').replace(/^(?=[^/])/, '/')}`,
    href: (path) => `/s/${slug}${path === '/' ? '' : path}`,
  };
}

/** The split whose page is open. */
export function useSplitPlace(): SplitPlace {
  const pathname = usePathname();
  const { slug } = placeOf(pathname);
  // One object for all pages of a split: effects that depend on it run once.
  return useMemo(() => placeOf(slug === null ? null : `/s/${slug}`), [slug]);
}
