'use client';

import { useTranslations } from 'next-intl';
import { useServerNowMs } from '@/app/_queries/server-now';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { AlertView } from '@/lib/api/alerts';
import { isLine } from '@/lib/api/evidence';
import { AcknowledgeButton } from '../actions/acknowledge-button';
import { formatClock } from '../format/duration';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { Banner } from '../ui/banner';
import { Instant } from '../ui/instant';
import { SplitLink } from '../ui/split-link';
import { liveLine } from './open-alerts';
import { useAlertSentence } from './use-alert-sentence';

const red = new Set<AlertView['kind']>(['breach_begun', 'held_not_acted', 'watchdog_silent', 'all_providers_down']);

/** What is over is told as that. */
const pastTitles: Partial<Record<AlertView['kind'], 'breachWas' | 'heldWas'>> = {
  breach_begun: 'breachWas',
  held_not_acted: 'heldWas',
};

/** When the watchdog acts by itself, counted down on every page; null: it does not. */
function useActsSentence(at: string | null): string | null {
  const t = useTranslations('alert');
  const { locale } = useFormats();
  const nowMs = useServerNowMs();
  if (at === null || nowMs === null) return null;
  const left = formatClock(Math.max(0, (Date.parse(at) - nowMs) / 1000));
  return t('acts', { left, at: formatInstant(at, nowMs, locale, undefined) });
}

/** One alert, shown until an operator acknowledges it. */
export function AlertBanner({ alert }: { readonly alert: AlertView }) {
  const t = useTranslations('alert');
  const sentence = useAlertSentence();
  const lines = useSnapshot()?.red_lines ?? [];
  const live = liveLine(alert, lines);
  const acts = useActsSentence(live?.acts_at ?? null);
  const isPast = alert.resolved_at !== null || (isLine(alert.params.line) && live === null);
  return (
    <Banner
      tone={red.has(alert.kind) && !isPast ? 'breach' : 'caution'}
      title={t((isPast && pastTitles[alert.kind]) || `kind.${alert.kind}`)}
      actions={<AcknowledgeButton id={alert.id} />}
    >
      <Instant at={alert.at} /> · {sentence(alert)}
      {acts && ` ${acts}`}
      {alert.resolved_at && <> · {t('resolved')}</>}
      {alert.blocks_advance && <> · {t('blocks')}</>}
      {alert.journal_id !== null && (
        <>
          {' · '}
          <SplitLink href={`/journal/${alert.journal_id}`} className="underline underline-offset-2">
            {t('journal', { id: alert.journal_id })}
          </SplitLink>
        </>
      )}
    </Banner>
  );
}
