'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { InFlight, JobOutcomes } from '@/lib/api/jobs-view';
import { useFormats } from '../format/use-formats';
import { ArmMark } from '../ui/arm-mark';
import { Badge } from '../ui/badge';

interface InFlightRowProps {
  readonly arm: string;
  /** No new job goes there. */
  readonly isDraining: boolean;
  /** null: not known yet. */
  readonly running: readonly InFlight[] | null;
  readonly lately: JobOutcomes | null;
}

export function InFlightRow({ arm, isDraining, running, lately }: InFlightRowProps) {
  const t = useTranslations('jobs.inFlight');
  const { count, duration } = useFormats();
  const jobs = (running ?? []).reduce((total, each) => total + each.jobs, 0);
  const oldest = Math.max(0, ...(running ?? []).map((each) => each.oldest_seconds));
  const isLate = (running ?? []).some((each) => (each.late_seconds ?? 0) > 60);
  return (
    <tr className="border-t align-top max-md:grid max-md:grid-cols-[7rem_1fr] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2 md:[&>td]:py-1.5 md:[&>td]:pr-3">
      <th scope="row" className="text-left font-medium break-all max-md:col-span-2 md:py-1.5 md:pr-3">
        <ArmMark arm={arm} />
        {arm}
        {isDraining && jobs > 0 && (
          <span className="block font-normal text-muted text-xs">
            {t('drains', { jobs, arm, oldest: duration(oldest) })}
          </span>
        )}
      </th>
      <Cell name={t('inFlight')}>
        {running === null ? '–' : count(jobs)}
        {isDraining && jobs > 0 && (
          <Badge tone="caution" icon="back" className="ml-2">
            {t('draining')}
          </Badge>
        )}
        {isLate && (
          <Badge tone="breach" icon="alert" className="ml-2">
            {t('late')}
          </Badge>
        )}
      </Cell>
      <Cell name={t('oldest')}>{jobs === 0 ? '–' : duration(oldest)}</Cell>
      <Cell name={t('acceptedShort')}>
        {lately === null ? (
          '–'
        ) : (
          <>
            {t('of', { n: count(lately.sent - lately.not_accepted), sent: count(lately.sent) })}
            <Failed count={lately.not_accepted} text={t('notAccepted', { n: count(lately.not_accepted) })} />
          </>
        )}
      </Cell>
      <Cell name={t('endedShort')}>
        {lately === null ? (
          '–'
        ) : (
          <>
            {t('done', { n: count(lately.done) })}
            <Failed count={lately.failed} text={t('failed', { n: count(lately.failed) })} />
            {lately.cancelled > 0 && (
              <span className="ml-2 text-muted text-xs">{t('cancelled', { n: count(lately.cancelled) })}</span>
            )}
          </>
        )}
      </Cell>
    </tr>
  );
}

function Failed({ count, text }: { readonly count: number; readonly text: string }) {
  if (count === 0) return null;
  return (
    <Badge tone="breach" icon="close" className="ml-2">
      {text}
    </Badge>
  );
}

/** With the column's name beside it where there are no columns. */
function Cell({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <td className="max-md:contents">
      <span className="text-muted text-xs leading-5 md:hidden">{name}</span>
      <span>{children}</span>
    </td>
  );
}
