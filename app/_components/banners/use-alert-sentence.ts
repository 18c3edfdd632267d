'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { AlertView } from '@/lib/api/alerts';
import { isLine } from '@/lib/api/evidence';
import type { Metric } from '@/lib/split/policy/metrics';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { useServerSentence } from '../format/use-server-sentence';
import { areSeveral } from '../state/candidates';
import { liveLine } from './open-alerts';

const textOf = (value: unknown) => (typeof value === 'string' ? value : '–');

/**
 * English is the server's own sentence; other languages are made from its numbers, where it sent any. Of a line the
 * present numbers are told while it is crossed, and those of the alert as what was.
 */
export function useAlertSentence(): (alert: AlertView) => string {
  const t = useTranslations();
  const locale = useLocale();
  const snapshot = useSnapshot();
  const lines = snapshot?.red_lines;
  const read = useServerSentence();
  const several = snapshot !== undefined && areSeveral(snapshot);
  const { metric, count, duration, odds } = useFormats();
  return useCallback(
    (alert) => {
      const { kind, detail, params } = alert;
      const instant = (value: unknown) => formatInstant(textOf(value), null, locale, undefined);
      const { line, key } = params;
      if (isLine(line)) {
        const live = liveLine(alert, lines ?? []);
        const { value, limit, n, hindrance } = live ?? line;
        const why = kind === 'held_not_acted' && hindrance ? ` ${t(`sentence.hindrance.${hindrance}`)}` : '';
        const said = t(live ? 'alert.line' : 'alert.lineWas', {
          metric: several ? `${line.arm}: ${t(`metric.${line.metric}`)}` : t(`metric.${line.metric}`),
          value: metric(line.metric, value),
          limit: metric(line.metric, limit),
          window: duration(line.windowSeconds),
          n: count(n),
          over: duration(live?.breached_for_seconds ?? 0),
          hold: duration(line.holdSeconds),
        });
        return said + why;
      }
      if (locale === 'en') return detail;
      if (kind === 'missed_hold') {
        const name = t(`metric.${params.metric as Metric}`);
        return t('alert.missed', { metric: name, from: instant(params.from), to: instant(params.to) });
      }
      if (kind === 'early_warning') {
        return t('alert.warning', {
          metric: t(`metric.${params.metric as Metric}`),
          candidate: textOf(params.candidate),
          baseline: textOf(params.baseline),
          since: instant(params.since),
          odds: odds(Number(params.odds)),
        });
      }
      if (kind === 'watchdog_silent') {
        return params.last_tick_at === null
          ? t('alert.neverTicked')
          : t('alert.silentSince', { at: instant(params.last_tick_at) });
      }
      if (kind === 'provider_unconfigured') return t('alert.keyless', { provider: textOf(params.provider) });
      if (kind === 'provider_key_dead') return `${t('alert.deadKey', { provider: textOf(key) })} ${read(detail)}`;
      if (kind === 'connections_full') return t('alert.waiting', { provider: textOf(key) });
      if (kind === 'local_faults') return `${t('alert.ourFault', { provider: textOf(key) })} ${read(detail)}`;
      if (kind === 'blind') return t('alert.unseen');
      if (kind === 'events_doubted') return t('alert.doubted', { role: textOf(params.role) });
      return kind === 'all_providers_down' ? t('alert.noProvider') : read(detail);
    },
    [t, locale, lines, several, metric, count, duration, odds, read],
  );
}
