'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { useServerNowMs } from '@/app/_queries/server-now';
import type { AttemptEnd } from '@/lib/api/story';
import { formatInstant } from '../../format/instant';
import { useFormats } from '../../format/use-formats';
import { useStageName } from '../../state/use-stage-name';

/** "Fell from D2 50%, 09:18:20, failure rate". */
export function useEndSentence(): (ended: AttemptEnd) => string {
  const t = useTranslations('story');
  const tMetric = useTranslations('metric');
  const stageName = useStageName();
  const nowMs = useServerNowMs();
  const { percent, locale } = useFormats();
  return useCallback(
    ({ at, stage, share, metric, by, verb }) =>
      t(verb === 'rollback' ? 'fell' : 'ended', {
        stage: stageName(stage ?? 'custom'),
        share: percent(share),
        at: formatInstant(at, nowMs, locale, undefined),
        why: metric === null ? by : tMetric(metric),
      }),
    [t, tMetric, stageName, nowMs, percent, locale],
  );
}
