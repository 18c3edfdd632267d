'use client';

import { useTranslations } from 'next-intl';
import type { Blocker } from '@/lib/rule/blocker';
import { Icon } from '../ui/icon';
import { useBlockerSentence } from './use-blocker-sentence';

interface BlockerListProps {
  readonly blockers: readonly Blocker[];
  /** On the overview the list must not push the tiles off the screen. */
  readonly compact?: boolean;
}

export function BlockerList({ blockers, compact = false }: BlockerListProps) {
  const t = useTranslations('blocker');
  const sentence = useBlockerSentence();
  if (blockers.length === 0) return null;
  return (
    <div>
      <p className="font-medium text-sm">{t('title', { count: blockers.length })}</p>
      <ul className={compact ? 'mt-1 space-y-0.5 text-sm' : 'mt-1 space-y-1 text-sm'}>
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
