'use client';

import { useTranslations } from 'next-intl';
import { useSessions } from '@/app/_queries/people/sessions';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { SessionRow } from './session-row';

export function SessionsPanel() {
  const t = useTranslations('sessions');
  const { data, error } = useSessions();
  return (
    <Panel title={t('title')} aside={<span className="text-muted text-xs">{t('hint')}</span>}>
      {error && <ProblemNote problem={error} />}
      {!data && !error && <Skeleton className="h-11" />}
      {data?.sessions.length === 0 && <Empty title={t('none')} />}
      {data && data.sessions.length > 0 && (
        <ul className="text-sm">
          {data.sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
