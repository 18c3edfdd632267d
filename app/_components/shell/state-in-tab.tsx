'use client';

import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useFreshness } from '@/app/_queries/server-now';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useFormats } from '../format/use-formats';
import { conditionOf, type Tone } from '../state/condition';
import { useStageLabel } from '../state/use-stage-label';
import { favicon } from './favicon';

/** The state of the rollout in the tab's title and icon, for the one among thirty tabs. */
export function StateInTab() {
  const t = useTranslations('tab');
  const stageLabel = useStageLabel();
  const { percent } = useFormats();
  const snapshot = useSnapshot();
  const path = usePathname();
  const { isStale: stale } = useFreshness();
  const condition = snapshot ? conditionOf(snapshot) : null;
  const tone: Tone = stale || !condition ? 'unknown' : condition.tone;
  const title =
    snapshot && condition
      ? t('title', {
          stage: stageLabel(snapshot),
          share: percent(snapshot.weights[snapshot.candidate] ?? 0),
          condition: stale ? t('stale') : t(`condition.${condition.name}`),
        })
      : null;

  useEffect(() => {
    // Each navigation makes Next write the page's own title again; ours comes back with the new path.
    if (title !== null && path !== null) document.title = title;
  }, [title, path]);

  useEffect(() => {
    for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]')) link.href = favicon(tone);
  }, [tone]);
  return null;
}
