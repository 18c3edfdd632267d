'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { isoSeconds } from '../format/instant';
import { ScrollBox } from '../ui/scroll-box';
import type { ChartRow, ChartSeries } from './chart-rows';

interface ChartTableProps {
  readonly title: string;
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number | null) => string;
}

/** The same numbers for those who cannot see the picture; rendered only when opened. */
export function ChartTable({ title, rows, series, format }: ChartTableProps) {
  const t = useTranslations('chart');
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-2 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="inline-block min-h-7 py-1 text-muted underline underline-offset-2">{t('table')}</summary>
      {open && (
        <ScrollBox label={title} className="max-h-64 overflow-auto rounded-control border">
          <table className="w-full">
            <caption className="sr-only">{title}</caption>
            <thead className="sticky top-0 bg-sunken">
              <tr className="[&>th]:px-2 [&>th]:py-1 [&>th]:text-right [&>th]:font-medium">
                <th scope="col" className="text-left!">
                  UTC
                </th>
                {series.map((line) => (
                  <th key={line.key} scope="col">
                    {line.name ?? line.key}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.toReversed().map((row) => (
                <tr key={row.atMs} className="border-t [&>td]:px-2 [&>td]:py-0.5 [&>td]:text-right">
                  <th scope="row" className="px-2 text-left font-normal whitespace-nowrap">
                    {isoSeconds(new Date(row.atMs).toISOString())}
                  </th>
                  {series.map((line) => (
                    <td key={line.key}>{format(row[line.key] ?? null)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </details>
  );
}
