'use client';

import { useTranslations } from 'next-intl';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { sameDraft } from '../state/policy/policy-draft';
import { Badge } from '../ui/badge';

/** Over an answer about a draft that has been changed since. */
export function StaleMark({ asked, policy }: { readonly asked: PolicyWire; readonly policy: PolicyWire }) {
  const t = useTranslations('policy');
  if (sameDraft(asked, policy)) return null;
  return (
    <p className="mt-2 flex flex-wrap items-center gap-2 text-caution text-sm">
      <Badge tone="caution" icon="clock">
        {t('stale')}
      </Badge>
      {t('fresh')}
    </p>
  );
}
