'use client';

import { useTranslations } from 'next-intl';
import { type InviteView, useRevokeInvite } from '@/app/_queries/people/operators';
import { Badge } from '../../ui/badge';
import { Instant } from '../../ui/instant';
import { ConfirmButton } from '../confirm-button';

/** A link that can still be accepted. */
export function InviteRow({ invite }: { readonly invite: InviteView }) {
  const t = useTranslations('operators');
  const tRole = useTranslations('account.role');
  const revoke = useRevokeInvite();
  const { id, name, role, expires_at } = invite;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t py-2 first:border-t-0">
      <span className="break-all font-medium">{name}</span>
      <Badge tone="unknown">{tRole(role)}</Badge>
      <span className="text-muted text-xs">
        {t('invitedUntil')} <Instant at={expires_at} />
      </span>
      <span className="ml-auto">
        <ConfirmButton
          title={t('revokeInviteTitle', { name })}
          description={t('revokeInviteDescription')}
          confirm={t('revoke')}
          label={`${t('revokeInvite')}: ${name}`}
          pending={revoke.isPending}
          problem={revoke.error}
          onConfirm={() => revoke.mutate(id)}
          onClose={revoke.reset}
        >
          {t('revokeInvite')}
        </ConfirmButton>
      </span>
    </li>
  );
}
