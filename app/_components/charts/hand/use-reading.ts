'use client';

import { useLocale } from 'next-intl';
import { useMemo } from 'react';
import { dateFormat } from '../../format/formatters';
import type { Drawn } from '../drawn';
import { nearestRow, valueAt } from './nearest-row';

export interface Reading {
  readonly index: number;
  readonly atMs: number;
  /** On the reader's clock and in UTC. */
  readonly time: string;
  /** In the order of the series. */
  readonly values: readonly (number | null)[];
}

const dayMs = 86_400_000;
/** A point so near to the hand is meant by it. */
const nearPx = 6;

/** What a chart says at an instant, or next to it: in a gap nothing of each series. null where it says nothing at all. */
export function useReading({
  rows,
  series,
  standsMs,
  gapMs,
  fromMs,
  toMs,
  size,
}: Drawn): (atMs: number) => Reading | null {
  const locale = useLocale();
  return useMemo(() => {
    const clock = { timeStyle: 'medium', hourCycle: 'h23' } as const;
    // The clock alone does not say when it was.
    const local = dateFormat(locale, { ...clock, ...(toMs - fromMs > dayMs ? { dateStyle: 'medium' } : {}) });
    const utc = dateFormat(locale, { ...clock, timeZone: 'UTC' });
    const reachMs = Math.max(gapMs, ((toMs - fromMs) / Math.max(1, size.width)) * nearPx);
    return (wantedMs) => {
      const index = nearestRow(rows, wantedMs);
      const row = rows[index];
      if (row === undefined) return null;
      const isKnown = Math.abs(row.atMs - wantedMs) <= reachMs;
      const atMs = isKnown ? row.atMs : wantedMs;
      return {
        ...{ index, atMs, time: `${local.format(atMs)} · ${utc.format(atMs)} UTC` },
        values: series.map(({ key }) => (isKnown ? valueAt(rows, index, key, standsMs) : null)),
      };
    };
  }, [locale, rows, series, standsMs, gapMs, fromMs, toMs, size]);
}
