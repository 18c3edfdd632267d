'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useServerNowMs } from '@/app/_queries/server-now';
import { useSplits } from '@/app/_queries/splits';
import type { SplitItem } from '@/lib/api/splits-view';
import { splitLook } from '../state/split-look';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { byUrgency, groupOf, isFound } from './split-next';
import { SplitRow } from './split-row';
import { type Shown, SplitsFilter } from './splits-filter';

/** Every split, what needs a person first. */
export function SplitsBoard() {
  const t = useTranslations('splits');
  const { data, error } = useSplits();
  return (
    <>
      <h1 className="sr-only">{t('title')}</h1>
      {/* What is known stays; the stripe says how old it is and why. */}
      {error && !data && <ProblemNote problem={error} />}
      {!data && !error && <Skeleton className="h-60" />}
      {data && (
        <Panel title={t('title')} aside={<Standing splits={data.splits} now={data.now} />}>
          <FoundSplits splits={data.splits} now={data.now} />
          <p className="mt-3 text-muted text-xs">
            {t('howToAdd')}{' '}
            <code className="break-all">npm run sluice -- splits add video --baseline fal --candidate runware</code>
          </p>
        </Panel>
      )}
    </>
  );
}

/** In one line what a glance is for: how many, and how many of them are in trouble. */
function Standing({ splits, now }: { readonly splits: readonly SplitItem[]; readonly now: string }) {
  const t = useTranslations('splits');
  const nowMs = useServerNowMs() ?? Date.parse(now);
  const breach = splits.map(splitLook).filter(({ state, tone }) => state === 'verdict' && tone === 'breach').length;
  const n = splits.filter((split) => groupOf(split, nowMs) === 'person').length;
  return (
    <span className="text-muted text-xs">
      {t('count', { n: splits.length, archived: archivedOf(splits) })} · {t('trouble', { breach, n })}
    </span>
  );
}

const archivedOf = (splits: readonly SplitItem[]) => splits.filter(({ archived_at }) => archived_at !== null).length;

/** Fewer than this need no search. */
const fewest = 3;

function FoundSplits({ splits, now }: { readonly splits: readonly SplitItem[]; readonly now: string }) {
  const t = useTranslations('splits');
  const [text, setText] = useState('');
  const [shown, setShown] = useState<Shown>('all');
  const nowMs = useServerNowMs() ?? Date.parse(now);
  const found = byUrgency(splits, nowMs).filter((split) => isFound(split, text));
  const groups = found.map((split) => groupOf(split, nowMs));
  const rows = found.filter((_, index) => shown === 'all' || groups[index] === shown);
  return (
    <>
      {splits.length >= fewest && (
        <SplitsFilter text={text} onText={setText} shown={shown} onShown={setShown} groups={groups} />
      )}
      <SplitsTable splits={rows} nowMs={Date.parse(now)} />
      {rows.length === 0 && <p className="py-4 text-muted text-sm">{t('none')}</p>}
    </>
  );
}

function SplitsTable({ splits, nowMs }: { readonly splits: readonly SplitItem[]; readonly nowMs: number }) {
  const t = useTranslations('splits');
  const names = ['split', 'state', 'stage', 'next', 'perMinute', 'since'] as const;
  return (
    <table className="w-full text-sm max-md:block">
      <thead className="max-md:hidden">
        <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
          {names.map((name) => (
            <th key={name} scope="col" className={name === 'perMinute' ? 'pr-8! text-right' : undefined}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {splits.map((split) => (
          <SplitRow key={split.key} split={split} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}
