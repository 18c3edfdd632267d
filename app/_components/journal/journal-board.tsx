'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type JournalFilter, journalSearch, useJournal } from '@/app/_queries/journal';
import { useSplitPlace } from '@/app/_queries/split';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icon';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { JournalFilterForm } from './journal-filter-form';
import { JournalTable } from './journal-table';

function filterOf(search: URLSearchParams): JournalFilter {
  const read = (name: string) => search.get(name) ?? '';
  return {
    text: read('text'),
    actor: read('actor'),
    verb: read('verb'),
    flag: read('flag'),
    from: read('from'),
    to: read('to'),
  };
}

/** Every entry of the journal, newest first; the filter lives in the address. */
export function JournalBoard() {
  const place = useSplitPlace();
  const t = useTranslations('journal');
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const filter = filterOf(search);
  const journal = useJournal(filter);
  const entries = journal.data?.pages.flatMap((page) => page.entries) ?? [];
  const csv = journalSearch(filter);
  csv.set('format', 'csv');
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h1 className="font-semibold text-xl">{t('title')}</h1>
        <a
          href={`${place.api('journal')}?${csv}`}
          download
          className="inline-flex min-h-8 items-center gap-1.5 rounded-control border border-line-strong bg-surface px-3 font-medium text-sm hover:bg-sunken"
        >
          <Icon name="download" />
          {t('csv')}
        </a>
      </div>
      <JournalFilterForm
        filter={filter}
        onChange={(next) => router.replace(`${path}?${journalSearch(next)}`, { scroll: false })}
      />
      {journal.error && <ProblemNote problem={journal.error} />}
      {!journal.data && !journal.error && <Skeleton className="h-96" />}
      {journal.data && entries.length === 0 && <Empty title={t('empty')}>{t('emptyHint')}</Empty>}
      {entries.length > 0 && <JournalTable entries={entries} />}
      {journal.hasNextPage && (
        <Button
          onClick={() => journal.fetchNextPage()}
          disabled={journal.isFetchingNextPage}
          className="justify-self-center"
        >
          {t('more')}
        </Button>
      )}
    </div>
  );
}
