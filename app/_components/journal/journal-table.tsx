'use client';

import { useTranslations } from 'next-intl';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { StackedTable } from '../lists/stacked-table';
import { JournalRow } from './journal-row';

const columns = ['at', 'actor', 'what', 'change', 'reason'] as const;

export function JournalTable({ entries }: { readonly entries: readonly JournalEntry[] }) {
  const t = useTranslations('journal');
  return (
    <StackedTable caption={t('title')} columns={columns.map((name) => ({ name: t(`column.${name}`) }))}>
      {entries.map((entry) => (
        <JournalRow key={entry.id} entry={entry} />
      ))}
    </StackedTable>
  );
}
