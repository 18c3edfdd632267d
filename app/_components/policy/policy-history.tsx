'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useJournal } from '@/app/_queries/journal';
import type { PolicyView } from '@/app/_queries/policy';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { firstSplit, policyKeyOf } from '@/lib/split/split-key';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { HistoryEntry } from './history-entry';

const any = { text: '', actor: '', verb: '', from: '', to: '' };

interface PolicyHistoryProps {
  readonly now: PolicyView;
  readonly onRestore: (policy: PolicyWire) => void;
}

/** Every policy that was saved, what it changed, and the way back to it: into the form, where it is looked at first. */
export function PolicyHistory({ now, onRestore }: PolicyHistoryProps) {
  const t = useTranslations('policy');
  const split = useSnapshot()?.split ?? firstSplit;
  const journal = useJournal({ ...any, flag: policyKeyOf(split) });
  const [restored, setRestored] = useState<number | null>(null);
  const entries = journal.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Panel title={t('history')}>
      {entries.length === 0 && <p className="text-muted text-sm">{t('noHistory')}</p>}
      <p role="status" className="text-accent text-sm">
        {restored === null ? '' : t('restored', { version: restored })}
      </p>
      <ul>
        {entries.map((entry) => (
          <HistoryEntry
            key={entry.id}
            entry={entry}
            isNow={entry.version === now.version}
            onRestore={(policy) => {
              onRestore(policy);
              setRestored(entry.version);
            }}
          />
        ))}
      </ul>
      {journal.hasNextPage && (
        <Button className="mt-2" disabled={journal.isFetchingNextPage} onClick={() => void journal.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </Panel>
  );
}
