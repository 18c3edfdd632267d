'use client';

import { useTranslations } from 'next-intl';
import { useCallers } from '@/app/_queries/registry/callers';
import { useSnapshot } from '@/app/_queries/snapshot';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { AddCaller } from './add-caller';
import { CallerItem } from './caller-item';

/** Who sends requests, what each may ask for, and what it has spent today. */
export function CallersBoard() {
  const t = useTranslations('callers');
  const tRole = useTranslations('account.role');
  const me = useSnapshot()?.me;
  const { data, error } = useCallers(me?.role === 'admin');
  return (
    <div className="grid grid-cols-1 gap-3">
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      {me && me.role !== 'admin' && <p className="text-muted text-sm">{t('needsAdmin', { role: tRole(me.role) })}</p>}
      {error && <ProblemNote problem={error} />}
      {me?.role !== undefined && me.role === 'admin' && !data && !error && <Skeleton className="h-60" />}
      {data?.callers.length === 0 && (
        <Empty title={t('none')}>
          <p>{t('noneHint')}</p>
        </Empty>
      )}
      {data && (
        <Panel title={t('addTitle')}>
          <AddCaller />
        </Panel>
      )}
      {data && data.callers.length > 0 && (
        <Panel
          title={t('all')}
          aside={<span className="text-muted text-xs">{t('count', { n: data.callers.length })}</span>}
        >
          <ul className="text-sm">
            {data.callers.map((caller) => (
              <CallerItem key={caller.name} caller={caller} />
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}
