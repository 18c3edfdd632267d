'use client';

import { useTranslations } from 'next-intl';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { policyChanges } from '../state/policy/policy-diff';
import { usePolicyWords } from './use-policy-words';

interface PolicyChangesProps {
  readonly was: PolicyWire;
  readonly becomes: PolicyWire;
}

/** Before and after of everything that differs, and of nothing else. */
export function PolicyChanges({ was, becomes }: PolicyChangesProps) {
  const t = useTranslations('policy.diff');
  const changes = policyChanges(was, becomes, usePolicyWords());
  if (changes.length === 0) return <p className="text-muted text-sm">{t('none')}</p>;
  return (
    <dl aria-label={t('title')} className="grid gap-1.5 rounded-control bg-sunken px-3 py-2 text-sm">
      {changes.map(({ what, before, after }) => (
        <div key={what} className="grid gap-x-3 sm:grid-cols-[minmax(0,9rem)_1fr]">
          <dt className="break-words font-medium">{what}</dt>
          <dd className="min-w-0 break-words">
            <span className={before !== null && after === null ? 'text-breach line-through' : 'text-muted'}>
              {before ?? t('new')}
            </span>
            <span className="mx-1.5 text-muted" aria-hidden="true">
              →
            </span>
            <span className="sr-only">{t('to')} </span>
            <span className={after === null ? 'text-breach' : 'font-medium'}>{after ?? t('gone')}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
