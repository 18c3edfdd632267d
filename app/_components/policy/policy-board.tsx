'use client';

import { useTranslations } from 'next-intl';
import { usePolicy } from '@/app/_queries/policy';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { PolicyEditor } from './policy-editor';

export function PolicyBoard() {
  const t = useTranslations('policy');
  const { data: view, error } = usePolicy();
  return (
    <div className="grid grid-cols-1 gap-3">
      <div>
        <h1 className="font-semibold text-xl">{t('title')}</h1>
        {view && (
          <p className="text-muted text-sm">
            {view.source === 'row' ? t('sourceRow', { version: view.version }) : t('sourceDefault')}
          </p>
        )}
      </div>
      {error && <ProblemNote problem={error} />}
      {!view && !error && <Skeleton className="h-96" />}
      {view && <PolicyEditor latest={view} />}
    </div>
  );
}
