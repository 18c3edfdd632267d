'use client';

import { useTranslations } from 'next-intl';
import { type SessionView, useEndSession } from '@/app/_queries/people/sessions';
import { Ago } from '../ui/ago';
import { Badge } from '../ui/badge';
import { Instant } from '../ui/instant';
import { ConfirmButton } from './confirm-button';

export function SessionRow({ session }: { readonly session: SessionView }) {
  const t = useTranslations('sessions');
  const tRole = useTranslations('account.role');
  const end = useEndSession();
  const { id, operator } = session;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t py-2 first:border-t-0">
      <span className="font-medium">{operator}</span>
      <Badge tone="unknown">{tRole(session.role)}</Badge>
      <span className="text-muted text-xs">{t(`way.${session.way}`)}</span>
      <span className="text-muted text-xs">
        {t('lastSeen')} <Ago at={session.last_seen_at} />
      </span>
      <span className="text-muted text-xs">
        {t('until')} <Instant at={session.expires_at} />
      </span>
      <span className="ml-auto">
        <ConfirmButton
          title={t('endTitle', { id, operator })}
          description={t('endDescription')}
          confirm={t('end')}
          label={`${t('end')}: ${id} ${operator}`}
          pending={end.isPending}
          problem={end.error}
          onConfirm={() => end.mutate(id)}
          onClose={end.reset}
        >
          {t('end')}
        </ConfirmButton>
      </span>
    </li>
  );
}
