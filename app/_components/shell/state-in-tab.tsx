'use client';

import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useFreshness } from '@/app/_queries/server-now';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useIsList, useLiveSplits } from '@/app/_queries/splits';
import { useFormats } from '../format/use-formats';
import { candidateShare } from '../state/candidates';
import { conditionOf, type Tone } from '../state/condition';
import { splitLook } from '../state/split-look';
import { useStageLabel } from '../state/use-stage-label';
import { favicon } from './favicon';

interface InTab {
  /** null: not known yet, and the page's own title stays. */
  readonly title: string | null;
  readonly tone: Tone;
}

/** The state of the rollout in the tab's title and icon, for the one among thirty tabs. */
export function StateInTab() {
  const isList = useIsList();
  const [list, one] = [useListInTab(), useSplitInTab()];
  const { title, tone } = isList ? list : one;
  const path = usePathname();

  useEffect(() => {
    // Each navigation makes Next write the page's own title again; ours comes back with the new path.
    if (title !== null && path !== null) document.title = title;
  }, [title, path]);

  useEffect(() => {
    for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]')) link.href = favicon(tone);
  }, [tone]);
  return null;
}

/** How many splits need an operator, and the worst of them. */
function useListInTab(): InTab {
  const t = useTranslations('tab');
  const splits = useLiveSplits();
  const tones = splits.map((split) => splitLook(split).tone);
  const n = tones.filter((tone) => tone === 'breach' || tone === 'caution').length;
  const worst = (['breach', 'caution', 'well'] as const).find((tone) => tones.includes(tone)) ?? 'unknown';
  if (splits.length === 0) return { title: null, tone: 'unknown' };
  return { title: n === 0 ? t('list') : t('listTrouble', { n, all: splits.length }), tone: worst };
}

function useSplitInTab(): InTab {
  const t = useTranslations('tab');
  const stageLabel = useStageLabel();
  const { percent } = useFormats();
  const snapshot = useSnapshot();
  const { isStale: stale } = useFreshness();
  const condition = snapshot ? conditionOf(snapshot) : null;
  const tone: Tone = stale || !condition ? 'unknown' : condition.tone;
  const title =
    snapshot && condition
      ? t('title', {
          stage: stageLabel(snapshot),
          share: percent(candidateShare(snapshot)),
          condition: stale ? t('stale') : t(`condition.${condition.name}`),
        })
      : null;
  return { title, tone };
}
