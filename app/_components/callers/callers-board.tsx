'use client';

import { useTranslations } from 'next-intl';
import { useCallers } from '@/app/_queries/registry/callers';
import { useSnapshot } from '@/app/_queries/snapshot';
import { CopyButton } from '../ui/copy/copy-button';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { CallerItem } from './caller-item';

const addLine = 'npm run sluice -- callers add NAME --scopes generate';

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
          <code className="mt-2 block break-all rounded-control bg-sunken px-3 py-2 text-left font-mono text-text text-xs">
            {addLine}
          </code>
          <CopyButton text={addLine} label={t('copyLine')} />
        </Empty>
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
