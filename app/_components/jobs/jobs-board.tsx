'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type JobFilter, jobSearch, useHasJobs, useInFlight, useJobs } from '@/app/_queries/jobs';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Instant } from '../ui/instant';
import { ProblemNote } from '../ui/problem-note';
import { SplitLink } from '../ui/split-link';
import { InFlightPanel } from './in-flight-panel';
import { JobFilterForm } from './job-filter-form';
import { JobsTable } from './jobs-table';
import { NoJobYet } from './no-job-yet';
import { OnceKnown } from './once-known';

function filterOf(search: URLSearchParams): JobFilter {
  const read = (name: string) => search.get(name) ?? '';
  return { state: read('state'), arm: read('arm'), caller: read('caller') };
}

/** Every job of the split, newest first; the filter lives in the address. */
export function JobsBoard() {
  const t = useTranslations('jobs');
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const filter = filterOf(search);
  const hasJobs = useHasJobs();
  const isFiltered = jobSearch(filter).size > 0;
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useJobs(filter);
  const inFlight = useInFlight();
  const isKnown = (data !== undefined || error !== null) && (inFlight.data !== undefined || inFlight.error !== null);
  const jobs = data?.pages.flatMap((page) => page.jobs) ?? [];
  const searchedTo = data?.pages.at(-1)?.searched_to ?? null;
  const isNone = data !== undefined && jobs.length === 0 && !hasNextPage;
  return (
    <OnceKnown isKnown={isKnown}>
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h1 className="font-semibold text-xl">{t('title')}</h1>
        <SplitLink href="/requests" className="text-link text-sm underline underline-offset-2">
          {t('requests')}
        </SplitLink>
      </div>
      {hasJobs && <InFlightPanel />}
      {!(isNone && !isFiltered) && (
        <JobFilterForm
          filter={filter}
          onChange={(next) => router.replace(`${path}?${jobSearch(next)}`, { scroll: false })}
        />
      )}
      {error && <ProblemNote problem={error} />}
      {isNone && isFiltered && <Empty title={t('none')}>{t('noneHint')}</Empty>}
      {isNone && !isFiltered && <NoJobYet />}
      {jobs.length > 0 && <JobsTable jobs={jobs} />}
      {hasNextPage && (
        <div className="grid justify-items-center gap-1">
          {searchedTo !== null && (
            <p className="text-muted text-sm">
              {t.rich('searched', { at: () => <Instant at={searchedTo} utc="beside" /> })}
            </p>
          )}
          <Button onClick={() => fetchNextPage()} disabled={isFetchingNextPage}>
            {t(searchedTo === null ? 'more' : 'lookFurther')}
          </Button>
        </div>
      )}
    </OnceKnown>
  );
}
