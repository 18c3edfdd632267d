'use client';

import { useTranslations } from 'next-intl';
import { memo } from 'react';
import type { RequestItem } from '@/lib/api/requests-view';
import { useFormats } from '../format/use-formats';
import { VendorSaid } from '../format/vendor-said';
import { JobBadge } from '../jobs/job-badge';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { ArmMark } from '../ui/arm-mark';
import { Instant } from '../ui/instant';
import { SplitLink } from '../ui/split-link';
import { OutcomeBadge } from './outcome-badge';
import { RequestLink } from './request-link';
import { shortId } from './short-id';

/** Drawn anew only where it is another: of its neighbours there are hundreds. */
export const RequestRow = memo(function RequestRow({ request }: { readonly request: RequestItem }) {
  const t = useTranslations('requests');
  const { ms, usd } = useFormats();
  const { request_id: id, at, job } = request;
  return (
    <tr className={stackedRow}>
      <td className="max-md:col-span-2">
        <OutcomeBadge outcome={request.outcome} />
        {job !== null && (
          <SplitLink href={`/jobs/${job.id}`} className="ml-1.5 inline-block">
            <JobBadge state={job.state} blocked={null} />
          </SplitLink>
        )}
      </td>
      <StackedCell name={t('column.request')}>
        {id === null ? (
          <span className="text-muted">{t('noId')}</span>
        ) : (
          <RequestLink id={id} at={at}>
            <code className="font-mono text-xs">{shortId(id)}</code>
          </RequestLink>
        )}
        <span className="text-muted text-xs max-md:ml-2 md:block">
          <Instant at={at} />
        </span>
      </StackedCell>
      <StackedCell name={t('column.arm')}>
        <ArmMark arm={request.arm ?? ''} />
        {request.arm ?? '–'}
        {request.answered_by !== null && request.answered_by !== request.arm && (
          <span className="text-muted text-xs max-md:ml-2 md:block">→ {request.answered_by}</span>
        )}
        {request.pinned && <span className="ml-1.5 text-muted text-xs">{t('pinned')}</span>}
      </StackedCell>
      <StackedCell name={t('column.took')} numeric>
        {ms(request.latency_ms)}
      </StackedCell>
      <StackedCell name={t('column.error')} isEmpty={request.error_kind === null && request.error === null}>
        {request.error_kind === null && request.error === null ? '–' : null}
        {request.error_kind !== null && <code className="font-mono text-xs">{request.error_kind}</code>}
        {request.error !== null && (
          <span className="line-clamp-2 max-w-80 break-words text-muted text-xs">
            <VendorSaid text={request.error} />
          </span>
        )}
      </StackedCell>
      <StackedCell name={t('column.model')} isEmpty={request.model === null}>
        <span className="break-all">{request.model ?? '–'}</span>
        {request.size !== null && <span className="text-muted text-xs max-md:ml-2 md:block">{request.size}</span>}
      </StackedCell>
      <StackedCell name={t('column.caller')} isEmpty={request.caller === null && request.user_hash === null}>
        {request.caller ?? '–'}
        {request.user_hash !== null && (
          <span
            className="block max-w-32 truncate font-mono text-muted text-xs max-md:ml-2 max-md:inline"
            title={request.user_hash}
          >
            {request.user_hash}
          </span>
        )}
      </StackedCell>
      <StackedCell name={t('column.cost')} numeric isEmpty={request.cost_usd === null}>
        {usd(request.cost_usd)}
      </StackedCell>
    </tr>
  );
});
