'use client';

import { useTranslations } from 'next-intl';
import { ApiProblem } from '@/app/_queries/api';
import { useReceived } from '@/app/_queries/snapshot';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { ChannelsPanel } from './channels/channels-panel';
import { ImagesPanel } from './images-panel';
import { OperatorsPanel } from './operators/operators-panel';
import { PasswordPanel } from './password-panel';
import { SessionsPanel } from './sessions-panel';
import { WeightsPanel } from './weights-panel';

/** What is set up once and seldom touched: where alerts go, who may sign in, and weights beside the plan. */
export function SettingsBoard() {
  const t = useTranslations('settings');
  const tRole = useTranslations('account.role');
  const { data, error } = useReceived();
  const me = data?.snapshot.me;
  return (
    <div className="grid grid-cols-1 gap-3">
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      {!data && error instanceof ApiProblem && <ProblemNote problem={error} />}
      {!data && <Skeleton className="h-160" />}
      {data && me?.role === 'admin' && (
        <>
          <ChannelsPanel />
          <OperatorsPanel />
          <ImagesPanel />
        </>
      )}
      {data && me && me.role !== 'admin' && (
        <Panel title={t('adminOnly')}>
          <p className="text-muted text-sm">{t('needsAdmin', { role: tRole(me.role) })}</p>
        </Panel>
      )}
      {me && <PasswordPanel name={me.name} />}
      {data && <WeightsPanel snapshot={data.snapshot} />}
      {/* Last: it is as long as there are sessions, and nothing below it moves. */}
      {data && me?.role === 'admin' && <SessionsPanel />}
    </div>
  );
}
