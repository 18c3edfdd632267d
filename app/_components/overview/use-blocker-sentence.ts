'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Blocker } from '@/lib/rule/blocker';
import type { VerdictKind } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { useServerSentence } from '../format/use-server-sentence';

/** English is the server's own sentence; other languages are made from its code and numbers. */
export function useBlockerSentence(): (blocker: Blocker) => string {
  const t = useTranslations();
  const locale = useLocale();
  const { duration, count, odds, percent } = useFormats();
  const read = useServerSentence();
  return useCallback(
    ({ code, detail, params }) => {
      const key = `blocker.code.${code}` as const;
      if (locale === 'en' || !t.has(key)) return detail;
      const seconds = code === 'time_not_served';
      const words = Object.entries(params).map(([name, value]) => {
        if (name === 'odds') return [name, odds(Number(value))];
        if (name === 'since') return [name, formatInstant(String(value), null, locale, undefined)];
        if (code === 'pinned_traffic' && typeof value === 'number') return [name, percent(value)];
        if (typeof value === 'number') return [name, seconds ? duration(value) : count(value)];
        if (name === 'metric') return [name, t(`metric.${value as Metric}`)];
        if (name === 'verdict') return [name, t(`verdict.${value as VerdictKind}`)];
        return [name, name === 'error' && value ? read(String(value)) : (value ?? '–')];
      });
      // Values are data, not messages: a name the sentence does not use does no harm.
      const said = t(key, { ...blank, ...Object.fromEntries(words) });
      return typeof params.arm === 'string' ? `${params.arm}: ${said}` : said;
    },
    [t, locale, duration, count, odds, percent, read],
  );
}

const blank = {
  served: '–',
  needed: '–',
  metric: '–',
  verdict: '–',
  requests: '–',
  of: 'requests',
  alerts: '–',
  provider: '–',
  error: '–',
  candidate: '–',
  baseline: '–',
  since: '–',
  odds: '–',
  from: '–',
  next: '–',
  share: '–',
  most: '–',
};
