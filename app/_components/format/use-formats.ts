'use client';

import { useLocale } from 'next-intl';
import { useMemo } from 'react';
import type { Metric } from '@/lib/split/policy/metrics';
import { formatDuration } from './duration';
import { formatCount, formatMetric, formatMs, formatPercent, formatRate, formatSigned, formatUsd } from './metric';
import { formatOdds } from './odds';
import { formatFlagValue, formatWeights } from './share-list';

/** The formats bound to the reader's language. */
export function useFormats() {
  const locale = useLocale();
  return useMemo(
    () => ({
      locale,
      metric: (metric: Metric, value: number | null) => formatMetric(metric, value, locale),
      signed: (metric: Metric, value: number | null) => formatSigned(metric, value, locale),
      percent: (share: number | null, digits?: number) => formatPercent(share, locale, digits),
      usd: (usd: number | null) => formatUsd(usd, locale),
      ms: (ms: number | null) => formatMs(ms, locale),
      count: (count: number) => formatCount(count, locale),
      rate: (perMinute: number) => formatRate(perMinute, locale),
      duration: (seconds: number) => formatDuration(seconds, locale),
      odds: (odds: number) => formatOdds(odds, locale),
      weights: (weights: Readonly<Record<string, number>>, baseline: string) =>
        formatWeights(weights, baseline, locale),
      flagValue: (text: string | null, baseline: string) => formatFlagValue(text, baseline, locale),
    }),
    [locale],
  );
}
