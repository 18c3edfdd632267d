'use client';

import { useTranslations } from 'next-intl';
import { readEvidence } from '@/lib/api/evidence';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { oddsOf } from '../format/odds';
import { useFormats } from '../format/use-formats';
import { RequestsLink } from '../requests/request-link';

interface RollbackReasonProps {
  readonly entry: JournalEntry;
  /** One line for the banner, beside numbers of now; without it the top errors too. */
  readonly brief?: boolean;
}

/** Which line, which window, value against limit, n, and how sure. */
export function RollbackReason({ entry, brief = false }: RollbackReasonProps) {
  const t = useTranslations('evidence');
  const tMetric = useTranslations('metric');
  const { metric, count, duration, odds } = useFormats();
  const { decisive, errors } = readEvidence(entry.evidence);
  if (!decisive) return null;
  const rare = decisive.evidence ? oddsOf(decisive.evidence.chance) : null;
  const shown = brief ? errors.slice(0, 3) : errors;
  return (
    <div>
      <p>
        {brief && <b className="font-semibold">{t('then')}: </b>}
        {t(decisive.evidence?.pattern === 'comes_and_goes' ? 'cameAndWent' : 'because', {
          horizon: duration(decisive.evidence?.horizonSeconds ?? 0),
          metric: tMetric(decisive.metric),
          value: metric(decisive.metric, decisive.value),
          comparison: decisive.comparison === '>=' ? '≥' : '>',
          limit: metric(decisive.metric, decisive.limit),
          window: duration(decisive.windowSeconds),
          hold: duration(decisive.holdSeconds),
          n: count(decisive.n),
        })}{' '}
        {decisive.evidence &&
          rare !== null &&
          t('luck', {
            odds: odds(rare),
            hits: count(decisive.evidence.hits),
            n: count(decisive.evidence.n),
            horizon: duration(decisive.evidence.horizonSeconds),
          })}
      </p>
      {shown.length > 0 && (
        <p>
          {t('errors')}{' '}
          {shown.map((error) => (
            <span key={error.kind} className="mr-3 inline-block">
              <RequestsLink
                filter={{ kind: error.kind, arm: decisive.arm, ...windowOf(entry, decisive.windowSeconds) }}
                className="underline underline-offset-2"
              >
                <code className="font-mono text-xs">{error.kind}</code>
              </RequestsLink>{' '}
              × {count(error.count)}
              {!brief && error.example && <span className="text-muted"> {error.example}</span>}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** What was judged then. */
function windowOf({ at }: JournalEntry, seconds: number) {
  const atMs = Date.parse(at);
  return { from: new Date(atMs - seconds * 1000).toISOString(), to: at };
}
