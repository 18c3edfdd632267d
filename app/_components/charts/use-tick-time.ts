'use client';

import { useLocale } from 'next-intl';
import { useMemo } from 'react';

/** Clock times for hours, with seconds for a few minutes; for days dates, and with them what is not midnight. */
export function useTickTime(spanMs: number): (atMs: number) => string {
  const locale = useLocale();
  const seconds = spanMs < 7 * 60_000;
  const days = spanMs > 36 * 3600 * 1000;
  return useMemo(() => {
    const date = { month: 'numeric', day: 'numeric' } as const;
    const format = new Intl.DateTimeFormat(locale, {
      ...(days ? date : {}),
      hour: '2-digit',
      minute: '2-digit',
      ...(seconds ? { second: '2-digit' } : {}),
      hourCycle: 'h23',
    });
    const ofDay = new Intl.DateTimeFormat(locale, date);
    const isMidnight = (atMs: number) => new Date(atMs).setHours(0, 0, 0, 0) === atMs;
    return (atMs) => (days && isMidnight(atMs) ? ofDay : format).format(atMs);
  }, [locale, days, seconds]);
}
