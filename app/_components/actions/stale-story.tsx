'use client';

import { useTranslations } from 'next-intl';
import type { ProblemBody } from '@/app/_queries/api';
import type { Snapshot } from '@/lib/api/snapshot';
import { Ago } from '../ui/ago';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { SplitChange } from './split-change';

/** Another operator moved it first: who, when, and what is different from what this page decided on. */
export function StaleStory({ seen, moved }: { readonly seen: Snapshot; readonly moved: ProblemBody }) {
  const t = useTranslations('stale');
  return (
    <div
      role="status"
      className="flex flex-col gap-2 rounded-control border border-caution bg-caution-soft p-3 text-sm"
    >
      <p className="flex items-center gap-2 font-semibold text-caution">
        <Icon name="alert" />
        {t('title')}
      </p>
      <p>
        {t('who', { by: moved.by ?? t('somebody') })}{' '}
        {moved.at && (
          <>
            <Instant at={moved.at} /> (<Ago at={moved.at} />)
          </>
        )}{' '}
        {t('versions', { seen: seen.version, now: moved.version ?? '–' })}
      </p>
      {moved.weights && <SplitChange from={seen.weights} to={moved.weights} baseline={seen.baseline} />}
      <p className="text-muted">{t('nothingDone')}</p>
    </div>
  );
}
