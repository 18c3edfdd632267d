'use client';

import { useTranslations } from 'next-intl';
import { type CallerView, callerLists } from '@/app/_queries/registry/callers';
import { RequestsLink } from '../requests/request-link';
import { Badge } from '../ui/badge';
import { Instant } from '../ui/instant';
import { CallerListForm } from './caller-list-form';

/** One caller: its keys by their last characters, its scopes, and what it may ask for. */
export function CallerItem({ caller }: { readonly caller: CallerView }) {
  const t = useTranslations('callers');
  const { name, scopes, rate_per_minute: rate, keys } = caller;
  const working = keys.filter(({ revoked_at }) => revoked_at === null);
  return (
    <li className="grid gap-2 border-t py-2.5 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="break-all font-medium">{name}</span>
        {scopes.map((scope) => (
          <Badge key={scope} tone="unknown">
            {scope}
          </Badge>
        ))}
        <span className="text-muted text-xs">{rate === null ? t('noRate') : t('rate', { n: rate })}</span>
        <RequestsLink filter={{ caller: name }} className="text-link text-xs underline underline-offset-2">
          {t('requests')}
        </RequestsLink>
      </div>
      <p className="text-muted text-xs">
        {working.length === 0 && t('noKey')}
        {working.map(({ id, hint, created_at }) => (
          <span key={id} className="mr-3 inline-block">
            <code className="font-mono">…{hint ?? '?'}</code> <Instant at={created_at} />
          </span>
        ))}
      </p>
      <div className="grid gap-2 md:grid-cols-2">
        {callerLists.map((list) => (
          <CallerListForm key={`${list} ${caller[list].join(' ')}`} caller={caller} list={list} />
        ))}
      </div>
    </li>
  );
}
