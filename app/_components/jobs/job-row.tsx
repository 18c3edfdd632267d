'use client';

import { useTranslations } from 'next-intl';
import type { JobItem } from '@/lib/api/jobs-view';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { VendorSaid } from '../format/vendor-said';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { ArmMark } from '../ui/arm-mark';
import { Instant } from '../ui/instant';
import { SplitLink } from '../ui/split-link';
import { JobBadge } from './job-badge';

export function JobRow({ job }: { readonly job: JobItem }) {
  const t = useTranslations('jobs');
  const { count, duration, usd, percent } = useFormats();
  const trouble = job.blocked ?? job.error;
  return (
    <tr className={stackedRow}>
      <td className="max-md:col-span-2">
        <JobBadge state={job.state} blocked={job.blocked} />
        {job.state === 'running' && job.progress !== null && (
          <span className="ml-1.5 text-muted text-xs">{percent(job.progress, 0)}</span>
        )}
        {trouble !== null && (
          <span className="mt-0.5 line-clamp-2 max-w-72 text-muted text-xs">
            {job.blocked === null ? <VendorSaid text={trouble} /> : <Said text={job.blocked} />}
          </span>
        )}
      </td>
      <StackedCell name={t('column.job')}>
        <SplitLink href={`/jobs/${job.id}`} className="font-mono text-link text-xs underline underline-offset-2">
          {job.id.slice(0, 8)}
        </SplitLink>
        <span className="block text-muted text-xs">{job.model ?? '–'}</span>
      </StackedCell>
      <StackedCell name={t('column.age')}>
        {duration(job.age_seconds)}
        <span className="text-muted text-xs max-md:ml-2 md:block">
          <Instant at={job.created_at} />
        </span>
      </StackedCell>
      <StackedCell name={t('column.arm')}>
        <ArmMark arm={job.arm} />
        {job.arm}
        <span className="text-muted text-xs max-md:ml-2 md:block">{job.provider}</span>
      </StackedCell>
      <StackedCell name={t('column.upstream')}>
        <span
          title={job.upstream_id ?? undefined}
          className="block max-w-40 truncate font-mono text-xs max-md:max-w-full 2xl:max-w-none"
        >
          {job.upstream_id ?? '–'}
        </span>
      </StackedCell>
      <StackedCell name={t('column.caller')}>{job.caller}</StackedCell>
      <StackedCell name={t('column.tries')} numeric>
        {count(job.tries)}
      </StackedCell>
      <StackedCell name={t('column.cost')} numeric>
        {usd(job.cost_usd)}
      </StackedCell>
    </tr>
  );
}
