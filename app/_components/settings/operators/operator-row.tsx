'use client';

import { useTranslations } from 'next-intl';
import { type OperatorView, useRevokeOperator } from '@/app/_queries/people/operators';
import { useServerNowMs } from '@/app/_queries/server-now';
import { Ago } from '../../ui/ago';
import { Badge } from '../../ui/badge';
import { classes } from '../../ui/classes';
import { Instant } from '../../ui/instant';
import { ConfirmButton } from '../confirm-button';

export function OperatorRow({ operator }: { readonly operator: OperatorView }) {
  const t = useTranslations('operators');
  const tRole = useTranslations('account.role');
  const nowMs = useServerNowMs();
  const revoke = useRevokeOperator();
  const { name, expires_at: end, revoked_at: revoked } = operator;
  const expired = end !== null && nowMs !== null && Date.parse(end) <= nowMs;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t py-2 first:border-t-0">
      <span className={classes('font-medium', (revoked || expired) && 'text-muted line-through')}>{name}</span>
      <Badge tone="unknown">{tRole(operator.role)}</Badge>
      <span className="text-muted text-xs">
        {revoked ? t('revoked') : expired ? t('expired') : end ? t('until') : t('noEnd')}{' '}
        {(revoked ?? end) && <Instant at={revoked ?? end ?? ''} />}
      </span>
      <span className="text-muted text-xs">
        {operator.last_used_at ? (
          <>
            {t('lastUsed')} <Ago at={operator.last_used_at} />
          </>
        ) : (
          t('neverUsed')
        )}
      </span>
      {!revoked && !expired && (
        <span className="ml-auto">
          <ConfirmButton
            title={t('revokeTitle', { name })}
            description={t('revokeDescription')}
            confirm={t('revoke')}
            label={`${t('revoke')}: ${name}`}
            pending={revoke.isPending}
            problem={revoke.error}
            onConfirm={() => revoke.mutate(name)}
            onClose={revoke.reset}
          >
            {t('revoke')}
          </ConfirmButton>
        </span>
      )}
    </li>
  );
}
