'use client';

import { useTranslations } from 'next-intl';
import type { LineVerdict } from '@/lib/rule/verdict';
import { formatOdds, oddsOf } from '../format/odds';
import { useFormats } from '../format/use-formats';
import { verdictLook } from '../state/verdict-look';
import { Badge } from '../ui/badge';
import { ScrollBox } from '../ui/scroll-box';
import { EvidenceNotes } from './evidence-notes';

/** The numbers that justified it, line by line, as they were. */
export function EvidenceTable({ lines }: { readonly lines: readonly LineVerdict[] }) {
  const t = useTranslations();
  const { metric, count, duration, locale } = useFormats();
  const areSeveral = new Set(lines.map(({ arm }) => arm)).size > 1;
  const odds = (chance: number | undefined) => {
    const rare = chance === undefined ? null : oddsOf(chance);
    return rare === null ? '–' : t('evidence.oneIn', { odds: formatOdds(rare, locale) });
  };
  return (
    <ScrollBox label={t('evidence.numbers')}>
      <table className="w-full min-w-140 text-sm">
        <thead>
          <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
            <th scope="col">{t('evidence.column.line')}</th>
            <th scope="col">{t('evidence.column.verdict')}</th>
            <th scope="col">{t('evidence.column.value')}</th>
            <th scope="col">{t('evidence.column.limit')}</th>
            <th scope="col">n</th>
            <th scope="col">{t('evidence.column.over')}</th>
            <th scope="col">{t('evidence.column.luck')}</th>
            <th scope="col">{t('evidence.column.baseline')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr
              key={`${line.arm} ${line.metric}`}
              className="border-b last:border-b-0 [&>td]:py-1.5 [&>td]:pr-3 [&>td]:whitespace-nowrap"
            >
              <th scope="row" className="py-1.5 pr-3 text-left font-medium whitespace-nowrap">
                {areSeveral && `${line.arm}: `}
                {t(`metric.${line.metric}`)}
              </th>
              <td>
                <Badge tone={verdictLook(line.verdict).tone} icon={verdictLook(line.verdict).icon}>
                  {t(`verdict.${line.verdict}`)}
                </Badge>
              </td>
              <td>{metric(line.metric, line.value)}</td>
              <td>{metric(line.metric, line.limit)}</td>
              <td>{count(line.n)}</td>
              <td>
                {duration(line.breachedForSeconds)} / {duration(line.holdSeconds)}
              </td>
              <td className="whitespace-normal!">
                {odds(line.evidence?.chance)}
                {line.evidence && <EvidenceNotes evidence={line.evidence} odds={odds} />}
              </td>
              <td>{metric(line.metric, line.baselineValue)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
