'use client';

import { useTranslations } from 'next-intl';
import { useInvites, useOperators } from '@/app/_queries/people/operators';
import { Empty } from '../../ui/empty';
import { Panel } from '../../ui/panel';
import { ProblemNote } from '../../ui/problem-note';
import { Skeleton } from '../../ui/skeleton';
import { AddOperator } from './add-operator';
import { InviteRow } from './invite-row';
import { OperatorRow } from './operator-row';

/** Who may sign in with a token of ours. People of a Supabase project are kept there. */
export function OperatorsPanel() {
  const t = useTranslations('operators');
  const { data, error } = useOperators(true);
  const { data: invites } = useInvites();
  return (
    <Panel title={t('title')} aside={<span className="text-muted text-xs">{t('hint')}</span>}>
      {error && <ProblemNote problem={error} />}
      {!data && !error && <Skeleton className="h-24" />}
      {data?.operators.length === 0 && <Empty title={t('none')}>{t('noneHint')}</Empty>}
      {data && data.operators.length > 0 && (
        <ul className="text-sm">
          {data.operators.map((operator) => (
            <OperatorRow key={`${operator.name} ${operator.created_at}`} operator={operator} />
          ))}
        </ul>
      )}
      {invites && invites.invites.length > 0 && (
        <div className="mt-2 border-t pt-2">
          <h3 className="text-muted text-xs">{t('invites')}</h3>
          <ul className="text-sm">
            {invites.invites.map((invite) => (
              <InviteRow key={invite.id} invite={invite} />
            ))}
          </ul>
        </div>
      )}
      <AddOperator />
    </Panel>
  );
}
