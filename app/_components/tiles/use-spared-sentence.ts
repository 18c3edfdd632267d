'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { RedLineView } from '@/lib/api/snapshot';
import { formatInstant } from '../format/instant';
import { oddsOf } from '../format/odds';
import { useFormats } from '../format/use-formats';

/** Of the last time over the line that was let be: when it was, and why nothing was done. null: there was none. */
export function useSparedSentence(): (line: RedLineView, now: string) => string | null {
  const t = useTranslations('tile.spared');
  const tHindrance = useTranslations('sentence.hindrance');
  const { count, duration, odds, locale } = useFormats();
  return useCallback(
    ({ trend, hold_seconds: hold }, now) => {
      if (!trend?.spared) return null;
      const { from, to, hindrance, over_seconds: over, hits, n, chance } = trend.spared;
      const instant = (at: string) => formatInstant(at, Date.parse(now), locale, undefined);
      const was = t('was', { from: instant(from), to: instant(to) });
      const rare = chance === null ? null : oddsOf(chance);
      if (hindrance === 'could_be_luck' && hits !== null && n !== null)
        return `${was} ${t('luck', { hits: count(hits), n: count(n), odds: rare === null ? '1' : odds(rare) })}`;
      return `${was} ${hindrance === null ? t('short', { over: duration(over), hold: duration(hold) }) : tHindrance(hindrance)}`;
    },
    [t, tHindrance, count, duration, odds, locale],
  );
}
