'use client';

import { useTranslations } from 'next-intl';
import { useJobVerb } from '@/app/_queries/jobs';
import { useRoleWhy } from '../actions/use-role-why';
import { Said } from '../format/said';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { ProblemNote } from '../ui/problem-note';

interface BlockedNoteProps {
  readonly provider: string;
  readonly jobs: number;
  readonly why: string;
}

/** Jobs that wait for an operator, in the words of the process that could not look at them. */
export function BlockedNote({ provider, jobs, why }: BlockedNoteProps) {
  const t = useTranslations('jobs');
  const roleWhy = useRoleWhy();
  const asked = useJobVerb();
  return (
    <div className="mt-2 grid gap-2 rounded-control bg-caution-soft px-3 py-2 text-caution text-sm">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <Icon name="pause" className="mt-0.5 size-4" />
        <div className="min-w-0 flex-1 basis-56">
          <p className="font-medium">{t('blockedAt', { jobs, provider })}</p>
          <p className="text-text">
            <Said text={`${why}.`} /> {t('blockedHint')}
          </p>
        </div>
        <GatedButton why={roleWhy} disabled={asked.isPending} onClick={() => asked.mutate({ provider })}>
          {t('lookAgain')}
        </GatedButton>
      </div>
      {asked.error && <ProblemNote problem={asked.error} />}
    </div>
  );
}
