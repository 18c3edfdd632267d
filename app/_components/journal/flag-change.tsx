'use client';

import { useTranslations } from 'next-intl';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { readShares } from '../format/share-list';
import { useFormats } from '../format/use-formats';
import { type ChangedMember, changedMembers } from '../state/policy/changed-members';
import { registryChange } from '../state/policy/registry-change';

/** Before → after; a policy and a row of the registry by what of them changed, and of who may do what the words are the row's. */
export function FlagChange({ entry, baseline }: { readonly entry: JournalEntry; readonly baseline: string }) {
  const t = useTranslations('journal');
  const { flagValue } = useFormats();
  if (entry.flag_key === 'sluice.access') {
    return (
      <>
        {entry.was !== null && <span className="text-muted">{entry.was}</span>}
        <span className="block">→ {entry.becomes ?? '–'}</span>
      </>
    );
  }
  if (entry.flag_key === 'sluice.registry') {
    const { name, members } = registryChange(entry);
    return (
      <>
        <code className="break-all font-mono text-xs">{name}</code>
        <Members members={members} />
      </>
    );
  }
  if (entry.becomes !== null && readShares(entry.becomes) === null) {
    return (
      <>
        <span className="text-muted">{t('policyChange', { version: entry.version })}</span>
        <Members members={changedMembers(entry.was, entry.becomes) ?? []} />
      </>
    );
  }
  if (entry.was === entry.becomes) return <span className="text-muted">{t('sameWeights')}</span>;
  return (
    <>
      <span className="text-muted">{flagValue(entry.was, baseline)}</span>
      <span className="block">→ {flagValue(entry.becomes, baseline)}</span>
    </>
  );
}

const mostShown = 6;

function Members({ members }: { readonly members: readonly ChangedMember[] }) {
  const t = useTranslations('journal');
  return (
    <>
      {members.slice(0, mostShown).map(({ member, was, becomes }) => (
        <span key={member} className="line-clamp-2 break-words text-xs">
          <span className="text-muted">
            {member}: {was}
          </span>{' '}
          → {becomes}
        </span>
      ))}
      {members.length > mostShown && (
        <span className="block text-muted text-xs">{t('moreMembers', { n: members.length - mostShown })}</span>
      )}
    </>
  );
}
