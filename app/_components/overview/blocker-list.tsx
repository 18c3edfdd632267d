'use client';

import { useTranslations } from 'next-intl';
import type { Blocker } from '@/lib/rule/blocker';
import { Icon } from '../ui/icon';
import { useBlockerSentence } from './use-blocker-sentence';

/** What refuses, each by its sentence; how many conditions are not met is the checklist's to say. */
export function BlockerList({ blockers }: { readonly blockers: readonly Blocker[] }) {
  const t = useTranslations('blocker');
  const sentence = useBlockerSentence();
  if (blockers.length === 0) return null;
  return (
    <div>
      <p className="font-medium text-sm">{t('title')}</p>
      <ul className="mt-1 space-y-1 text-sm">
        {blockers.map((blocker) => (
          <li key={`${blocker.code} ${blocker.detail}`} className="flex gap-1.5">
            <Icon name="dash" className="mt-0.5 size-3.5 text-muted" />
            <span>{sentence(blocker)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
