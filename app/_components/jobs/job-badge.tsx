'use client';

import { useTranslations } from 'next-intl';
import { isJobState, jobLook } from '../state/job-look';
import { Badge } from '../ui/badge';

/** Where a job stands; one that no process can look at says so first. */
export function JobBadge({ state, blocked }: { readonly state: string; readonly blocked: string | null }) {
  const t = useTranslations('jobs');
  const { tone, icon } = jobLook(state);
  return (
    <span className="inline-flex flex-wrap gap-1">
      {blocked !== null && (
        <Badge tone="caution" icon="pause">
          {t('blocked')}
        </Badge>
      )}
      <Badge tone={tone} icon={icon}>
        {isJobState(state) ? t(`state.${state}`) : state}
      </Badge>
    </span>
  );
}
