'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Metric } from '@/lib/rollout/policy';
import type { AlertView } from '@/lib/rollout/snapshot';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { isLine } from '../state/evidence';

const textOf = (value: unknown) => (typeof value === 'string' ? value : '–');

/** English is the server's own sentence; other languages are made from its numbers, where it sent any. */
export function useAlertSentence(): (alert: AlertView) => string {
  const t = useTranslations();
  const locale = useLocale();
  const { metric, count, duration } = useFormats();
  return useCallback(
    ({ kind, detail, params }) => {
      if (locale === 'en') return detail;
      const instant = (value: unknown) => formatInstant(textOf(value), null, locale, undefined);
      const { line, key } = params;
      if (isLine(line)) {
        return t('alert.line', {
          metric: t(`metric.${line.metric}`),
          value: metric(line.metric, line.value),
          limit: metric(line.metric, line.limit),
          window: duration(line.windowSeconds),
          n: count(line.n),
        });
      }
      if (kind === 'missed_hold') {
        const name = t(`metric.${params.metric as Metric}`);
        return t('alert.missed', { metric: name, from: instant(params.from), to: instant(params.to) });
      }
      if (kind === 'watchdog_silent') {
        return params.last_tick_at === null
          ? t('alert.neverTicked')
          : t('alert.silentSince', { at: instant(params.last_tick_at) });
      }
      if (kind === 'provider_unconfigured') return t('alert.keyless', { provider: textOf(params.provider) });
      if (kind === 'provider_key_dead') return `${t('alert.deadKey', { provider: textOf(key) })} ${detail}`;
      if (kind === 'blind') return t('alert.unseen');
      if (kind === 'events_doubted') return t('alert.doubted', { role: textOf(params.role) });
      return kind === 'all_providers_down' ? t('alert.noProvider') : detail;
    },
    [t, locale, metric, count, duration],
  );
}
