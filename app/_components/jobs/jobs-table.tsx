'use client';

import { useTranslations } from 'next-intl';
import type { JobItem } from '@/lib/api/jobs-view';
import { StackedTable } from '../lists/stacked-table';
import { JobRow } from './job-row';

const columns = ['state', 'job', 'age', 'arm', 'upstream', 'caller', 'tries', 'cost'] as const;
const numeric: readonly string[] = ['tries', 'cost'];

export function JobsTable({ jobs }: { readonly jobs: readonly JobItem[] }) {
  const t = useTranslations('jobs');
  const named = columns.map((name) => ({ name: t(`column.${name}`), isNumeric: numeric.includes(name) }));
  return (
    <StackedTable caption={t('title')} columns={named}>
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </StackedTable>
  );
}
