'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { JournalEntry } from '@/lib/api/journal-entry';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Instant } from '../ui/instant';
import { SplitLink } from '../ui/split-link';
import { PolicyChanges } from './policy-changes';

interface HistoryEntryProps {
  readonly entry: JournalEntry;
  readonly isNow: boolean;
  readonly onRestore: (policy: PolicyWire) => void;
}

export function HistoryEntry({ entry, isNow, onRestore }: HistoryEntryProps) {
  const t = useTranslations('policy');
  const [open, setOpen] = useState(false);
  return (
    <li className="border-t py-2 text-sm first:border-t-0">
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="cursor-pointer">
          <span className="font-medium">{t('version', { version: entry.version })}</span>{' '}
          {isNow && <Badge tone="well">{t('judgesNow')}</Badge>}{' '}
          <span className="text-muted">
            <Instant at={entry.at} /> · {entry.actor}
          </span>
          {entry.reason && <span className="ml-1.5 break-words">{entry.reason}</span>}
        </summary>
        {open && <Opened entry={entry} isNow={isNow} onRestore={onRestore} />}
      </details>
    </li>
  );
}

function Opened({ entry, isNow, onRestore }: HistoryEntryProps) {
  const t = useTranslations('policy');
  const was = useWritten(entry.was);
  const becomes = useWritten(entry.becomes);
  if (was === undefined || becomes === undefined) return null;
  return (
    <div className="grid justify-items-start gap-2 pt-2">
      {becomes === null ? (
        <p className="text-muted">{t('unreadable')}</p>
      ) : was === null ? (
        <p className="text-muted">{t('firstSaved')}</p>
      ) : (
        <PolicyChanges was={was} becomes={becomes} />
      )}
      <div className="flex flex-wrap items-center gap-3">
        {becomes !== null && !isNow && (
          <Button aria-label={t('restoreVersion', { version: entry.version })} onClick={() => onRestore(becomes)}>
            {t('restore')}
          </Button>
        )}
        <SplitLink href={`/journal/${entry.id}`} className="text-link underline underline-offset-2">
          {t('inJournal')}
        </SplitLink>
      </div>
    </div>
  );
}

/** What was stored, with all that it left out; undefined until it is read, null where it cannot be. */
function useWritten(text: string | null): PolicyWire | null | undefined {
  const [written, setWritten] = useState<PolicyWire | null | undefined>(undefined);
  useEffect(() => {
    let current = true;
    const read = async () => {
      const [{ readPolicy }, { formatPolicy }] = await Promise.all([
        import('@/lib/split/policy/read-policy'),
        import('@/lib/split/policy/format-policy'),
      ]);
      const reading = readPolicy(text ?? '');
      if (current) setWritten(reading.ok ? formatPolicy(reading.policy) : null);
    };
    void read();
    return () => {
      current = false;
    };
  }, [text]);
  return written;
}
