'use client';

import { useTranslations } from 'next-intl';
import type { JournalEntry } from '@/lib/api/snapshot';
import { JournalRow } from './journal-row';

/** A table on a wide screen; on a phone each row stands on its own. */
export function JournalTable({ entries }: { readonly entries: readonly JournalEntry[] }) {
  const t = useTranslations('journal');
  return (
    <div className="rounded-panel border bg-surface">
      <table className="w-full text-sm max-md:block">
        <caption className="sr-only">{t('title')}</caption>
        <thead className="max-md:sr-only">
          <tr className="border-b text-left text-muted text-xs [&>th]:px-3 [&>th]:py-1.5 [&>th]:font-normal">
            <th scope="col">{t('column.at')}</th>
            <th scope="col">{t('column.actor')}</th>
            <th scope="col">{t('column.what')}</th>
            <th scope="col">{t('column.change')}</th>
            <th scope="col">{t('column.reason')}</th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {entries.map((entry) => (
            <JournalRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
