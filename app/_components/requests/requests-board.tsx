'use client';

import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useCompareHref } from '@/app/_queries/log/comparisons';
import { type RequestFilter, requestFields, requestSearch, useRequests } from '@/app/_queries/log/requests';
import { StackedTable } from '../lists/stacked-table';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Instant } from '../ui/instant';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { mostPages, requestWindow } from './page-window';
import { RequestFilterForm } from './request-filter-form';
import { RequestRow } from './request-row';
import { useKeptFocus } from './use-kept-focus';

const columns = ['outcome', 'request', 'arm', 'took', 'error', 'model', 'caller', 'cost'] as const;
const numeric: readonly string[] = ['took', 'cost'];

function filterOf(search: URLSearchParams): RequestFilter {
  return Object.fromEntries(requestFields.map((name) => [name, search.get(name) ?? ''])) as RequestFilter;
}

/** Single requests from the log, newest first; the filter lives in the address. */
export function RequestsBoard() {
  const t = useTranslations('requests');
  const router = useRouter();
  const path = usePathname();
  const compareHref = useCompareHref();
  const search = useSearchParams();
  const filter = filterOf(search);
  const { data, error, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage, refetch } = useRequests(filter);
  const [end, setEnd] = useState(Number.POSITIVE_INFINITY);
  const { requests, newer, older, searchedTo, isNone } = requestWindow(data?.pages ?? [], end);
  const heading = useRef<HTMLHeadingElement>(null);
  const keepFocus = useKeptFocus(heading);
  const showOlder = () => {
    if (isFetchingNextPage) return;
    if (older > 0) return setEnd(newer + mostPages + 1);
    setEnd(Number.POSITIVE_INFINITY);
    void fetchNextPage();
  };
  const isFiltered = requestSearch(filter).size > 0;
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h1 ref={heading} tabIndex={-1} className="font-semibold text-xl">
          {t('title')}
        </h1>
        <span className="flex flex-wrap items-baseline gap-3">
          <Link href={compareHref} className="text-link text-sm underline">
            {t('compare')}
          </Link>
          <Button onClick={() => void refetch()} disabled={isFetching}>
            {t('refresh')}
          </Button>
        </span>
      </div>
      <RequestFilterForm
        key={search.toString()}
        filter={filter}
        onChange={(next) => router.replace(`${path}?${requestSearch(next)}`, { scroll: false })}
      />
      {error && <ProblemNote problem={error} />}
      {data === undefined && error === null && <Skeleton className="h-[40rem]" />}
      {isNone && <Empty title={t(isFiltered ? 'none' : 'noneYet')}>{t(isFiltered ? 'noneHint' : 'noneYetHint')}</Empty>}
      {newer > 0 && (
        <div className="grid justify-items-center">
          <Button
            onClick={({ currentTarget }) => {
              keepFocus(currentTarget);
              setEnd(newer + mostPages - 1);
            }}
          >
            {t('newer')}
          </Button>
        </div>
      )}
      {requests.length > 0 && (
        <StackedTable
          caption={t('title')}
          columns={columns.map((name) => ({ name: t(`column.${name}`), isNumeric: numeric.includes(name) }))}
        >
          {requests.map((request, at) => (
            <RequestRow key={`${request.request_id ?? at} ${request.at}`} request={request} />
          ))}
        </StackedTable>
      )}
      {(hasNextPage || older > 0) && (
        <div className="grid justify-items-center gap-1">
          {searchedTo !== null && (
            <p className="text-muted text-sm">
              {t.rich('searched', { at: () => <Instant at={searchedTo} utc="beside" /> })}
            </p>
          )}
          <Button
            onClick={({ currentTarget }) => {
              keepFocus(currentTarget);
              showOlder();
            }}
            aria-disabled={isFetchingNextPage}
          >
            {t(searchedTo === null ? 'older' : 'lookFurther')}
          </Button>
        </div>
      )}
    </div>
  );
}
