'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { RedLineView } from '@/lib/api/snapshot';
import { isCrossed } from '@/lib/rule/hold';
import { oddsOf } from '../format/odds';
import { useFormats } from '../format/use-formats';
import { countedAs } from '../state/counted-as';

/** The verdict in words, from its numbers, in the reader's language. */
export function useVerdictSentence(): (line: RedLineView) => string {
  const t = useTranslations('sentence');
  const { odds, duration } = useFormats();
  return useCallback(
    (line) => {
      const rare = line.evidence ? oddsOf(line.evidence.chance) : null;
      const luck = rare === null ? '' : ` ${t('luck', { odds: odds(rare) })}`;
      if (line.evidence?.pattern === 'comes_and_goes' && isCrossed(line)) {
        const horizon = duration(line.evidence.horizonSeconds);
        const acts = line.hindrance ? t(`hindrance.${line.hindrance}`) : t('acts');
        return `${t('pattern.comes_and_goes', { horizon })} ${acts}${luck}`;
      }
      if (line.hindrance && isCrossed(line)) {
        return t(`hindrance.${line.hindrance}`) + luck;
      }
      return (
        t(`verdict.${line.verdict}`, { window: duration(line.window_seconds), of: countedAs([line]) }) +
        (line.verdict === 'ok' ? '' : luck)
      );
    },
    [t, odds, duration],
  );
}
