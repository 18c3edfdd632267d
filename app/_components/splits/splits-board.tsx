'use client';

import { useTranslations } from 'next-intl';
import { useSplits } from '@/app/_queries/splits';
import type { SplitItem } from '@/lib/api/splits-view';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { SplitRow } from './split-row';

/** Every split: what moves, what was taken back, what rests. */
export function SplitsBoard() {
  const t = useTranslations('splits');
  const { data, error } = useSplits();
  return (
    <>
      <h1 className="sr-only">{t('title')}</h1>
      {error && <ProblemNote problem={error} />}
      {!data && !error && <Skeleton className="h-60" />}
      {data && (
        <Panel
          title={t('title')}
          aside={<span className="text-muted text-xs">{t('count', { n: live(data.splits) })}</span>}
        >
          <SplitsTable splits={data.splits} />
          <p className="mt-3 text-muted text-xs">
            {t('howToAdd')}{' '}
            <code className="break-all">npm run sluice -- splits add video --baseline fal --candidate runware</code>
          </p>
        </Panel>
      )}
    </>
  );
}

const live = (splits: readonly SplitItem[]) => splits.filter(({ archived_at }) => archived_at === null).length;

function SplitsTable({ splits }: { readonly splits: readonly SplitItem[] }) {
  const t = useTranslations('splits');
  const names = ['split', 'state', 'stage', 'share', 'next', 'since'] as const;
  return (
    <table className="w-full text-sm max-md:block">
      <thead className="max-md:hidden">
        <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
          {names.map((name) => (
            <th key={name} scope="col">
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {splits.map((split) => (
          <SplitRow key={split.key} split={split} />
        ))}
      </tbody>
    </table>
  );
}
