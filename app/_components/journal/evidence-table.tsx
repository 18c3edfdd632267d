'use client';

import { useTranslations } from 'next-intl';
import type { LineVerdict } from '@/lib/rule/verdict';
import { formatOdds, oddsOf } from '../format/odds';
import { useFormats } from '../format/use-formats';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { StackedTable } from '../lists/stacked-table';
import { verdictLook } from '../state/verdict-look';
import { Badge } from '../ui/badge';
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
  const columns = (['line', 'verdict', 'value', 'limit'] as const).map((name) => t(`evidence.column.${name}`));
  const more = (['over', 'luck', 'baseline'] as const).map((name) => t(`evidence.column.${name}`));
  return (
    <StackedTable
      caption={t('evidence.numbers')}
      columns={[...columns, 'n', ...more].map((name) => ({ name }))}
      isFramed
    >
      {lines.map((line) => (
        <tr key={`${line.arm} ${line.metric}`} className={stackedRow}>
          <th scope="row" className="text-left font-medium max-md:col-span-2 md:whitespace-nowrap md:px-3 md:py-2">
            {areSeveral && `${line.arm}: `}
            {t(`metric.${line.metric}`)}
          </th>
          <StackedCell name={t('evidence.column.verdict')}>
            <Badge tone={verdictLook(line.verdict).tone} icon={verdictLook(line.verdict).icon}>
              {t(`verdict.${line.verdict}`)}
            </Badge>
          </StackedCell>
          <StackedCell name={t('evidence.column.value')}>{metric(line.metric, line.value)}</StackedCell>
          <StackedCell name={t('evidence.column.limit')}>{metric(line.metric, line.limit)}</StackedCell>
          <StackedCell name="n">{count(line.n)}</StackedCell>
          <StackedCell name={t('evidence.column.over')}>
            {duration(line.breachedForSeconds)} / {duration(line.holdSeconds)}
          </StackedCell>
          <StackedCell name={t('evidence.column.luck')}>
            {odds(line.evidence?.chance)}
            {line.evidence && <EvidenceNotes evidence={line.evidence} odds={odds} />}
          </StackedCell>
          <StackedCell name={t('evidence.column.baseline')}>{metric(line.metric, line.baselineValue)}</StackedCell>
        </tr>
      ))}
    </StackedTable>
  );
}
