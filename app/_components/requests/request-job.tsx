'use client';

import { useTranslations } from 'next-intl';
import type { RequestDetail } from '@/lib/api/requests-view';
import { JobBadge } from '../jobs/job-badge';
import { Facts } from '../ui/facts';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { SplitLink } from '../ui/split-link';

/** What came of the order later. */
export function RequestJob({ job }: { readonly job: NonNullable<RequestDetail['job']> }) {
  const t = useTranslations('requests');
  const moments = (['created_at', 'accepted_at', 'started_at', 'ended_at'] as const).flatMap((name) => {
    const at = job[name];
    return at === null ? [] : [[t(`job.${name}`), <Instant key={name} at={at} utc="beside" />] as const];
  });
  return (
    <Panel title={t('jobTitle')} aside={<JobBadge state={job.state} blocked={null} />}>
      <Facts facts={moments} />
      <SplitLink href={`/jobs/${job.id}`} className="mt-2 inline-block text-link text-sm underline underline-offset-2">
        {t('wholeJob')}
      </SplitLink>
    </Panel>
  );
}
