'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFreshness } from '@/app/_queries/server-now';
import type { SplitItem } from '@/lib/api/splits-view';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { splitLook } from '../state/split-look';
import { useStageLabel } from '../state/use-stage-label';
import { Ago } from '../ui/ago';
import { Badge } from '../ui/badge';
import { classes } from '../ui/classes';
import { Instant } from '../ui/instant';
import { NextCell } from './next-cell';
import { ShareSpark } from './share-spark';

/** A row of the table; on a phone a card of the same cells, each with its name. */
export function SplitRow({ split, nowMs }: { readonly split: SplitItem; readonly nowMs: number }) {
  const t = useTranslations('splits');
  const { percent } = useFormats();
  const stageLabel = useStageLabel();
  const going = Object.entries(split.weights ?? {}).flatMap(([arm, share]) =>
    share > 0 && split.baseline !== null && arm !== split.baseline ? [arm] : [],
  );
  return (
    <tr className="border-b align-top max-md:grid max-md:grid-cols-[7rem_1fr] max-md:items-baseline max-md:gap-x-2 max-md:gap-y-1 max-md:py-2 md:[&>*]:py-2 md:[&>*]:pr-3">
      <th scope="row" className="text-left font-medium max-md:col-span-2">
        <Link href={`/s/${split.slug}`} className="text-link underline underline-offset-2">
          {split.label}
        </Link>{' '}
        {split.slug !== split.label && <span className="font-mono text-muted text-xs">{split.slug}</span>}
        {split.prefixes.length > 0 && (
          <span className="block font-mono font-normal text-muted text-xs">{split.prefixes.join(' ')}</span>
        )}
      </th>
      <Cell name={t('state')}>
        <StateBadge split={split} />
        <WorstLine split={split} />
        {split.error && (
          <p className="mt-1 max-w-prose text-xs">
            <Said text={split.error} />
          </p>
        )}
      </Cell>
      <Cell name={t('stage')}>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <ShareSpark shares={split.shares} nowMs={nowMs} isPast={split.candidate_share === 0} />
          <span className="min-w-0 max-w-72 [overflow-wrap:anywhere]">
            {split.stage === null ? '–' : stageLabel({ ...split, stage: split.stage })}{' '}
            <b className="font-semibold">{split.candidate_share === null ? '' : percent(split.candidate_share)}</b>{' '}
            {going.length > 0 && <span className="text-muted">{t('on', { arms: going.join(', ') })}</span>}
          </span>
        </span>
      </Cell>
      <Cell name={t('next')}>
        <NextCell split={split} />
      </Cell>
      <Cell name={t('perMinute')} isNumber>
        <PerMinute rate={split.per_minute} nowMs={nowMs} />
      </Cell>
      <Cell name={t('since')}>
        {split.since === null ? '–' : <Ago at={split.since} />}
        {split.by && <span className="block break-all text-muted text-xs">{split.by}</span>}
      </Cell>
    </tr>
  );
}

/** What goes through now; while nobody says so any more, what did, and when that was. */
function PerMinute({ rate, nowMs }: { readonly rate: number; readonly nowMs: number }) {
  const t = useTranslations('splits');
  const formats = useFormats();
  const { isStale } = useFreshness();
  if (!isStale) return formats.rate(rate);
  return (
    <span className="text-muted">
      {formats.rate(rate)}
      <span className="text-xs md:block">
        {' '}
        {t('asOf')} <Instant at={new Date(nowMs).toISOString()} />
      </span>
    </span>
  );
}

interface CellProps {
  readonly name: string;
  readonly isNumber?: boolean;
  readonly children: ReactNode;
}

function Cell({ name, isNumber = false, children }: CellProps) {
  return (
    <>
      <td aria-hidden="true" className="text-muted text-xs md:hidden">
        {name}
      </td>
      <td className={classes(isNumber && 'md:pr-8! md:text-right')}>{children}</td>
    </>
  );
}

/** What is worst, with its number: a verdict alone says neither what nor how bad. */
function WorstLine({ split }: { readonly split: SplitItem }) {
  const t = useTranslations('splits');
  const name = useTranslations('metric');
  const { metric } = useFormats();
  const line = split.worst_line;
  if (line === null || line.value === null || (split.candidate_share ?? 0) === 0) return null;
  const words = {
    metric: name(line.metric),
    value: metric(line.metric, line.value),
    limit: metric(line.metric, line.limit),
  };
  return (
    <span className="mt-0.5 block text-muted text-xs">
      {t('worst', words)}
      {line.over_since !== null && (
        <span className="block">
          {t('overSince')} <Instant at={line.over_since} />
        </span>
      )}
    </span>
  );
}

function StateBadge({ split }: { readonly split: SplitItem }) {
  const t = useTranslations('splits');
  const verdictName = useTranslations('verdict');
  const { state, verdict, tone, icon } = splitLook(split);
  return (
    <Badge tone={tone} icon={icon}>
      {state !== 'verdict' ? t(`is.${state}`) : verdict === null ? t('unjudged') : verdictName(verdict)}
    </Badge>
  );
}
