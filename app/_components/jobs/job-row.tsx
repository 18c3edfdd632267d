'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { JobItem } from '@/lib/api/jobs-view';
import { useFormats } from '../format/use-formats';
import { ArmMark } from '../ui/arm-mark';
import { Instant } from '../ui/instant';
import { SplitLink } from '../ui/split-link';
import { JobBadge } from './job-badge';

export function JobRow({ job }: { readonly job: JobItem }) {
  const t = useTranslations('jobs');
  const { count, duration, usd, percent } = useFormats();
  const trouble = job.blocked ?? job.error;
  return (
    <tr className="border-b align-top last:border-b-0 max-md:grid max-md:grid-cols-[auto_1fr] max-md:gap-x-3 max-md:gap-y-1 max-md:px-3 max-md:py-2.5 md:[&>td]:px-3 md:[&>td]:py-2">
      <td className="max-md:col-span-2">
        <JobBadge state={job.state} blocked={job.blocked} />
        {job.state === 'running' && job.progress !== null && (
          <span className="ml-1.5 text-muted text-xs">{percent(job.progress, 0)}</span>
        )}
        {trouble !== null && <span className="mt-0.5 line-clamp-2 max-w-72 text-muted text-xs">{trouble}</span>}
      </td>
      <Cell name={t('column.job')}>
        <SplitLink href={`/jobs/${job.id}`} className="font-mono text-accent text-xs underline underline-offset-2">
          {job.id.slice(0, 8)}
        </SplitLink>
        <span className="block text-muted text-xs">{job.model}</span>
      </Cell>
      <Cell name={t('column.age')}>
        {duration(job.age_seconds)}
        <span className="text-muted text-xs max-md:ml-2 md:block">
          <Instant at={job.created_at} />
        </span>
      </Cell>
      <Cell name={t('column.arm')}>
        <ArmMark arm={job.arm} />
        {job.arm}
        <span className="text-muted text-xs max-md:ml-2 md:block">{job.provider}</span>
      </Cell>
      <Cell name={t('column.upstream')}>
        <span
          title={job.upstream_id ?? undefined}
          className="block max-w-40 truncate font-mono text-xs max-md:max-w-full"
        >
          {job.upstream_id ?? '–'}
        </span>
      </Cell>
      <Cell name={t('column.caller')}>{job.caller}</Cell>
      <Cell name={t('column.tries')} numeric>
        {count(job.tries)}
      </Cell>
      <Cell name={t('column.cost')} numeric>
        {usd(job.cost_usd)}
      </Cell>
    </tr>
  );
}

interface CellProps {
  readonly name: string;
  readonly numeric?: boolean;
  readonly children: ReactNode;
}

/** With the column's name beside it where there are no columns. */
function Cell({ name, numeric = false, children }: CellProps) {
  return (
    <td className={`max-md:contents ${numeric ? 'md:text-right' : ''}`}>
      <span className="text-muted text-xs leading-5 md:hidden">{name}</span>
      <span className="min-w-0">{children}</span>
    </td>
  );
}
