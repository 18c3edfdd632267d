'use client';

import { useTranslations } from 'next-intl';
import { useJob } from '@/app/_queries/jobs';
import { CopyButton } from '../ui/copy/copy-button';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { SplitLink } from '../ui/split-link';
import { BlockedNote } from './blocked-note';
import { JobActions } from './job-actions';
import { JobBadge } from './job-badge';
import { JobFacts } from './job-facts';
import { JobFiles } from './job-files';
import { JobLog } from './job-log';
import { JobStory } from './job-story';

/** One job, at an address of its own: what happened to it, and everything that is known. */
export function JobPage({ id }: { readonly id: string }) {
  const t = useTranslations('jobs');
  const { data: job, error } = useJob(id);
  const back = (
    <SplitLink href="/jobs" className="text-link text-sm underline underline-offset-2">
      {t('back')}
    </SplitLink>
  );
  if (!job) {
    return (
      <div className="grid grid-cols-1 gap-3">
        {back}
        <h1 className="font-semibold text-xl">{t('one', { id: id.slice(0, 8) })}</h1>
        {error ? <ProblemNote problem={error} /> : <Skeleton className="h-96" />}
      </div>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      {back}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-semibold text-xl">{t('one', { id: job.id.slice(0, 8) })}</h1>
        <JobBadge state={job.state} blocked={job.blocked} />
        <CopyButton text={() => window.location.href} label={t('copyLink')} />
        <span className="ml-auto">
          <JobActions job={job} />
        </span>
      </div>
      {error && <ProblemNote problem={error} />}
      {job.blocked !== null && <BlockedNote provider={job.provider} jobs={1} why={job.blocked} />}
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <Panel title={t('storyTitle')}>
          <JobStory job={job} />
        </Panel>
        <div className="grid min-w-0 grid-cols-1 gap-3">
          <JobFacts job={job} />
          <JobFiles job={job} />
        </div>
      </div>
      <JobLog job={job} />
    </div>
  );
}
