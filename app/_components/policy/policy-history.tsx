'use client';

import { useTranslations } from 'next-intl';
import { useJournal } from '@/app/_queries/journal';
import { useSnapshot } from '@/app/_queries/snapshot';
import { firstSplit, policyKeyOf } from '@/lib/split/split-key';
import { JournalTable } from '../journal/journal-table';

const any = { text: '', actor: '', verb: '', from: '', to: '' };

export function PolicyHistory() {
  const t = useTranslations('policy');
  const split = useSnapshot()?.split ?? firstSplit;
  const entries = useJournal({ ...any, flag: policyKeyOf(split) }).data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section aria-label={t('history')} className="grid gap-2">
      <h2 className="font-semibold text-sm">{t('history')}</h2>
      {entries.length === 0 ? (
        <p className="text-muted text-sm">{t('noHistory')}</p>
      ) : (
        <JournalTable entries={entries} />
      )}
    </section>
  );
}
