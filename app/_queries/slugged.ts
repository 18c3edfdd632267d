'use client';

import { useSnapshot } from './snapshot';
import { useSplitPlace } from './split';
import { useLiveSplits } from './splits';

/** Where a page of the open split stands that has no address without the split's name. */
export function useSluggedHref(): (path: string) => string {
  const { slug } = useSplitPlace();
  const known = useSnapshot()?.slug;
  return (path) => `/s/${slug ?? known ?? 'gen'}${path}`;
}

/** The page of a rollback; null: of a split that is not known here, or not any more. */
export function useIncidentHref(flagKey: string | undefined, seq: number | undefined): string | null {
  const split = useLiveSplits().find(({ key }) => key === flagKey);
  return split === undefined || seq === undefined ? null : `/s/${split.slug}/incidents/${seq}`;
}
