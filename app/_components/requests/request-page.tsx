'use client';

import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useRequest } from '@/app/_queries/log/requests';
import { CopyButton } from '../ui/copy/copy-button';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { SplitLink } from '../ui/split-link';
import { OutcomeBadge } from './outcome-badge';
import { RequestFacts } from './request-facts';
import { RequestImages } from './request-images';
import { RequestJob } from './request-job';
import { RequestStory } from './request-story';
import { shortId } from './short-id';

/** One request, at an address of its own: its attempts, what was changed on its way, and how it ended. */
export function RequestPage({ id }: { readonly id: string }) {
  const t = useTranslations('requests');
  const { data: request, error } = useRequest(id, useSearchParams().get('at'));
  return (
    <div className="grid grid-cols-1 gap-3">
      <SplitLink href="/requests" className="justify-self-start text-link text-sm underline underline-offset-2">
        {t('back')}
      </SplitLink>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-semibold text-xl">{t('one', { id: shortId(id) })}</h1>
        {request && <OutcomeBadge outcome={request.outcome} />}
        <CopyButton text={() => window.location.href} label={t('copyLink')} />
      </div>
      {error && <ProblemNote problem={error} />}
      {!request && !error && <Skeleton className="h-96" />}
      {request && (
        <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
          <Panel title={t('storyTitle')}>
            <RequestStory request={request} />
          </Panel>
          <div className="grid min-w-0 grid-cols-1 gap-3">
            <RequestFacts request={request} />
            {request.job && <RequestJob job={request.job} />}
            <RequestImages request={request} />
          </div>
        </div>
      )}
    </div>
  );
}
