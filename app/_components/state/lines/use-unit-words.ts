'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useSplitPlace } from '@/app/_queries/split';
import { useLiveSplits } from '@/app/_queries/splits';
import type { Metric } from '@/lib/split/policy/metrics';

/** What a cost is for one of, where its name leaves that open; null: it does not, or the split is not known yet. */
export function useUnitWords(): (metric: Metric) => string | null {
  const t = useTranslations('costUnit');
  const { slug } = useSplitPlace();
  const known = useSnapshot()?.slug;
  const kind = useLiveSplits().find((split) => split.slug === (slug ?? known))?.kind;
  return (metric) => (metric !== 'cost_per_unit' || kind === undefined ? null : t(kind === 'relay' ? 'job' : 'piece'));
}
