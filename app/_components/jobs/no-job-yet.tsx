'use client';

import { useTranslations } from 'next-intl';
import { useHasJobs } from '@/app/_queries/jobs';
import { useSnapshot } from '@/app/_queries/snapshot';
import { CopyButton } from '../ui/copy/copy-button';
import { Empty } from '../ui/empty';

/** The line that sends the first one. */
export function NoJobYet() {
  const t = useTranslations('jobs');
  const snapshot = useSnapshot();
  if (useHasJobs() === false) return <Empty title={t('notOfJobs')}>{t('notOfJobsHint')}</Empty>;
  const body = {
    split: snapshot?.slug,
    model: snapshot?.arms.some(({ model }) => model === null) ? 'MODEL' : undefined,
  };
  const order = JSON.stringify({ ...body, prompt: 'a sluice at dawn' });
  const line = `curl -X POST ${window.location.origin}/api/jobs -H 'content-type: application/json' -d '${order}'`;
  return (
    <Empty title={t('noneYet')}>
      <p>{t('noneYetHint')}</p>
      <code className="mt-2 block break-all rounded-control bg-sunken px-3 py-2 text-left font-mono text-text text-xs">
        {line}
      </code>
      <CopyButton text={line} label={t('copyLine')} />
    </Empty>
  );
}
