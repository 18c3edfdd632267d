'use client';

import { useTranslations } from 'next-intl';
import { useJournal } from '@/app/_queries/journal';
import { JournalTable } from '../journal/journal-table';

const ofPolicy = { text: '', actor: '', verb: '', flag: 'GEN_ROLLOUT_POLICY', from: '', to: '' };

export function PolicyHistory() {
  const t = useTranslations('policy');
  const entries = useJournal(ofPolicy).data?.pages.flatMap((page) => page.entries) ?? [];
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
