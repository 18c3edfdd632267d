'use client';

import { useTranslations } from 'next-intl';
import type { ComparisonRow as Row } from '@/lib/api/metrics-view';
import { useFormats } from '../format/use-formats';
import type { Tone } from '../state/condition';
import { Badge } from '../ui/badge';
import { CopyButton } from '../ui/copy/copy-button';
import type { IconName } from '../ui/icon';

interface ComparisonRowProps {
  readonly row: Row;
  readonly stacked?: boolean;
  readonly names?: readonly [string, string];
}

const looks: Record<Row['verdict'], { readonly tone: Tone; readonly icon: IconName }> = {
  better: { tone: 'well', icon: 'check' },
  same: { tone: 'unknown', icon: 'check' },
  worse: { tone: 'caution', icon: 'alert' },
  unknown: { tone: 'unknown', icon: 'dash' },
};

export function ComparisonRow({ row, stacked = false, names }: ComparisonRowProps) {
  const t = useTranslations();
  const { metric, signed, count } = useFormats();
  const range = (interval: readonly [number, number] | null) =>
    interval ? `${signed(row.metric, interval[0])} … ${signed(row.metric, interval[1])}` : '–';
  const value = (side: Row['baseline']) => (
    <>
      <span className="font-medium">{metric(row.metric, side.value)}</span>
      <span className="ml-1.5 text-muted text-xs">n {count(side.n)}</span>
      {side.interval && (
        <span className="block text-muted text-xs">
          {metric(row.metric, side.interval[0])} … {metric(row.metric, side.interval[1])}
        </span>
      )}
    </>
  );
  const name = t(`metric.${row.metric}`);
  const verdict = (
    <Badge tone={looks[row.verdict].tone} icon={looks[row.verdict].icon}>
      {t(`comparison.verdicts.${row.verdict}`)}
    </Badge>
  );
  const copy = <CopyButton text={row.sql} label={t('comparison.copy')} />;
  const difference = signed(row.metric, row.difference);
  if (stacked) {
    const cells = [
      [names?.[0] ?? '', value(row.baseline)],
      [names?.[1] ?? '', value(row.candidate)],
      [t('comparison.difference'), difference],
      [t('comparison.interval'), range(row.interval)],
      [t('comparison.verdict'), verdict],
      ['SQL', copy],
    ] as const;
    return (
      <>
        <tr>
          <th scope="rowgroup" colSpan={2} className="pt-2 text-left font-semibold">
            {name}
          </th>
        </tr>
        {cells.map(([label, cell]) => (
          <tr key={label}>
            <th scope="row" className="py-0.5 pr-3 text-left align-top font-normal text-muted">
              {label}
            </th>
            <td className="py-0.5">{cell}</td>
          </tr>
        ))}
      </>
    );
  }
  return (
    <tr className="border-b align-top last:border-b-0 [&>td]:py-2 [&>td]:pr-3">
      <th scope="row" className="py-2 pr-3 text-left font-medium">
        {name}
      </th>
      <td>{value(row.baseline)}</td>
      <td>{value(row.candidate)}</td>
      <td>{difference}</td>
      <td>
        <span className="text-xs">{range(row.interval)}</span>
      </td>
      <td>{verdict}</td>
      <td className="text-right">{copy}</td>
    </tr>
  );
}
