'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { SplitItem } from '@/lib/api/splits-view';
import { useFormats } from '../format/use-formats';
import { splitLook } from '../state/split-look';
import { useStageLabel } from '../state/use-stage-label';
import { Ago } from '../ui/ago';
import { Badge } from '../ui/badge';

/** A row of the table; on a phone a card of the same cells, each with its name. */
export function SplitRow({ split }: { readonly split: SplitItem }) {
  const t = useTranslations('splits');
  const { percent } = useFormats();
  const stageLabel = useStageLabel();
  return (
    <tr className="border-b align-top max-md:grid max-md:grid-cols-[7rem_1fr] max-md:py-2 md:[&>*]:py-2 md:[&>*]:pr-3">
      <th scope="row" className="text-left font-medium max-md:col-span-2">
        <Link href={`/s/${split.slug}`} className="text-accent underline underline-offset-2">
          {split.label}
        </Link>{' '}
        <span className="font-mono text-muted text-xs">{split.slug}</span>
      </th>
      <Cell name={t('state')}>
        <StateBadge split={split} />
        {split.error && <p className="mt-1 max-w-prose text-xs">{split.error}</p>}
      </Cell>
      <Cell name={t('stage')}>{split.stage === null ? '–' : stageLabel({ ...split, stage: split.stage })}</Cell>
      <Cell name={t('share')}>{split.candidate_share === null ? '–' : percent(split.candidate_share)}</Cell>
      <Cell name={t('next')}>{split.next ?? '–'}</Cell>
      <Cell name={t('since')}>
        {split.since === null ? '–' : <Ago at={split.since} />}
        {split.by && <span className="block break-all text-muted text-xs">{split.by}</span>}
      </Cell>
    </tr>
  );
}

function Cell({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <td aria-hidden="true" className="text-muted text-xs md:hidden">
        {name}
      </td>
      <td>{children}</td>
    </>
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
