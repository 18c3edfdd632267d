'use client';

import { useTranslations } from 'next-intl';
import type { AlertView } from '@/lib/api/alerts';
import { isLine } from '@/lib/api/evidence';
import type { Snapshot } from '@/lib/api/snapshot';
import { AcknowledgeButton } from '../actions/acknowledge-button';
import { useCountdown } from '../band/use-countdown';
import { formatClock } from '../format/duration';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { useLineName } from '../state/use-line-name';
import { Banner } from '../ui/banner';
import { Instant } from '../ui/instant';
import { SplitLink } from '../ui/split-link';
import { actsAtOf } from './acts-at';
import { begunAt, liveLine } from './open-alerts';
import { useAlertSentence } from './use-alert-sentence';

const red = new Set<AlertView['kind']>(['breach_begun', 'held_not_acted', 'watchdog_silent', 'all_providers_down']);

/** What is over is told as that. */
const pastTitles: Partial<Record<AlertView['kind'], 'breachWas' | 'heldWas'>> = {
  breach_begun: 'breachWas',
  held_not_acted: 'heldWas',
};

/** One alert, shown until an operator acknowledges it. */
export function AlertBanner({ alert, snapshot }: { readonly alert: AlertView; readonly snapshot: Snapshot }) {
  const t = useTranslations('alert');
  const { locale } = useFormats();
  const sentence = useAlertSentence();
  const live = liveLine(alert, snapshot.red_lines);
  const lineName = useLineName(snapshot);
  const { countdown, nowMs } = useCountdown(snapshot);
  const actsAt = actsAtOf(live, countdown, nowMs);
  const left = actsAt === null ? null : formatClock((Date.parse(actsAt) - nowMs) / 1000);
  const isPast = alert.resolved_at !== null || (isLine(alert.params.line) && live === null);
  const title = t((isPast && pastTitles[alert.kind]) || `kind.${alert.kind}`);
  return (
    <Banner
      tone={red.has(alert.kind) && !isPast ? 'breach' : 'caution'}
      title={live ? t('ofLine', { title, line: lineName(live) }) : title}
      now={live && sentence(alert)}
      clock={left && t('actsIn', { left })}
      actions={<AcknowledgeButton id={alert.id} />}
    >
      <Instant at={begunAt(alert)} />
      {live === null && ` · ${sentence(alert)}`}
      {actsAt && ` · ${t('acts', { at: formatInstant(actsAt, nowMs, locale, undefined) })}`}
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
