'use client';

import { useTranslations } from 'next-intl';
import { type CallerView, callerLists } from '@/app/_queries/registry/callers';
import { RequestsLink } from '../requests/request-link';
import { Badge } from '../ui/badge';
import { CallerKeys } from './caller-keys';
import { CallerListForm } from './caller-list-form';
import { CallerQuotaForm } from './caller-quota-form';
import { CallerRightsForm } from './caller-rights-form';

/** One caller: its keys, its scopes, what it may ask for and what it may spend. */
export function CallerItem({ caller }: { readonly caller: CallerView }) {
  const t = useTranslations('callers');
  const { name, scopes, rate_per_minute: rate } = caller;
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
      <CallerRightsForm caller={caller} />
      <CallerKeys caller={caller} />
      <div className="grid gap-2 md:grid-cols-2 xl:grid-cols-3">
        {callerLists.map((list) => (
          <CallerListForm key={list} caller={caller} list={list} />
        ))}
        <CallerQuotaForm caller={caller} />
      </div>
    </li>
  );
}
