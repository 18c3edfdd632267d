'use client';

import { useTranslations } from 'next-intl';
import type { JournalEntry } from '@/lib/api/snapshot';
import { readShares } from '../format/share-list';
import { useFormats } from '../format/use-formats';
import { registryChange } from '../state/registry-change';

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
  if (entry.flag_key === 'sluice.registry') return <RegistryChange entry={entry} />;
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

/** Which row, and what of it became otherwise. */
function RegistryChange({ entry }: { readonly entry: JournalEntry }) {
  const { name, members } = registryChange(entry);
  return (
    <>
      <code className="break-all font-mono text-xs">{name}</code>
      {members.map(({ member, was, becomes }) => (
        <span key={member} className="line-clamp-2 break-all text-xs">
          <span className="text-muted">
            {member}: {was}
          </span>{' '}
          → {becomes}
        </span>
      ))}
    </>
  );
}
