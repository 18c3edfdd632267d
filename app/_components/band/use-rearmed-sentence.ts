'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { useWho } from '../format/use-who';
import { useStageName } from '../state/use-stage-name';

/** Who let the plan begin again, what it had fallen from, and where it begins; empty where it was not re-armed. */
export function useRearmedSentence({ story, next, now }: Snapshot): string {
  const t = useTranslations('headline.rearmed');
  const tMetric = useTranslations('metric');
  const who = useWho();
  const stageName = useStageName();
  const { percent, locale } = useFormats();
  const { rearmed } = story;
  if (rearmed === null) return '';
  const instant = (at: string) => formatInstant(at, Date.parse(now), locale, undefined);
  const words = { by: who(rearmed.by), at: instant(rearmed.at) };
  const starts = next === null ? '' : t('next', { next: stageName(next.name) });
  const fell = story.attempts.at(-1)?.ended;
  if (!fell) return `${t('alone', words)} ${starts}`;
  const { stage, share, metric, by } = fell;
  const from = { stage: stageName(stage ?? 'custom'), share: percent(share), fell: instant(fell.at) };
  return `${t('after', { ...words, ...from, why: metric === null ? who(by) : tMetric(metric) })} ${starts}`;
}
