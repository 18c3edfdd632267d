'use client';

import { useTranslations } from 'next-intl';
import type { JournalEntry } from '@/lib/api/snapshot';
import { readShares } from '../format/share-list';
import { useFormats } from '../format/use-formats';

/** Before → after; a policy is too long for a row and is named only, and of who may do what the words are the row's. */
export function FlagChange({ entry, baseline }: { readonly entry: JournalEntry; readonly baseline: string }) {
  const t = useTranslations('journal');
  const { flagValue } = useFormats();
  if (entry.flag_key === 'sluice.access') {
    return (
      <>
        {entry.was !== null && <span className="text-muted">{entry.was}</span>}
        <span className="block">→ {entry.becomes ?? '∅'}</span>
      </>
    );
  }
  if (entry.becomes !== null && readShares(entry.becomes) === null) {
    return <span className="text-muted">{t('policyChange', { version: entry.version })}</span>;
  }
  if (entry.was === entry.becomes) return <span className="text-muted">{t('sameWeights')}</span>;
  return (
    <>
      <span className="text-muted">{flagValue(entry.was, baseline)}</span>
      <span className="block">→ {flagValue(entry.becomes, baseline)}</span>
    </>
  );
}
