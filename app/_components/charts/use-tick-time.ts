'use client';

import { useLocale } from 'next-intl';
import { useMemo } from 'react';

/** Clock times for hours, with seconds for a few minutes, dates with them for days. */
export function useTickTime(spanMs: number): (atMs: number) => string {
  const locale = useLocale();
  const seconds = spanMs < 7 * 60_000;
  const days = spanMs > 36 * 3600 * 1000;
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, {
      ...(days ? { month: 'numeric', day: 'numeric' } : {}),
      hour: '2-digit',
      minute: '2-digit',
      ...(seconds ? { second: '2-digit' } : {}),
      hourCycle: 'h23',
    });
    return (atMs) => format.format(atMs);
  }, [locale, days, seconds]);
}
