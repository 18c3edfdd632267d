'use client';

import { useLocale } from 'next-intl';
import { dateFormat } from '../format/formatters';
import type { ChartSeries } from './chart-rows';
import { SeriesKey } from './series-key';

interface ChartTooltipProps {
  readonly series: readonly ChartSeries[];
  readonly format: (value: number | null) => string;
  /** The clock alone does not say when it was. */
  readonly isLong: boolean;
  /** Given by recharts. */
  readonly active?: boolean;
  readonly label?: number;
  readonly payload?: readonly { readonly dataKey?: unknown; readonly value?: unknown }[];
}

export function ChartTooltip({ series, format, isLong, active, label, payload = [] }: ChartTooltipProps) {
  const locale = useLocale();
  if (!active || typeof label !== 'number') return null;
  const time = (timeZone?: 'UTC') =>
    dateFormat(locale, {
      ...{ timeZone, timeStyle: 'medium', hourCycle: 'h23' },
      ...(isLong && timeZone === undefined ? { dateStyle: 'medium' } : {}),
    }).format(label);
  return (
    <div className="rounded-control border bg-surface px-2.5 py-1.5 text-xs shadow-float">
      <p className="mb-1 text-muted">
        {time()} · {time('UTC')} UTC
      </p>
      {series.map((line) => {
        const value = payload.find(({ dataKey }) => dataKey === line.key)?.value;
        return (
          <p key={line.key} className="flex justify-between gap-4">
            <SeriesKey series={line} />
            <span className="font-medium">{format(typeof value === 'number' ? value : null)}</span>
          </p>
        );
      })}
    </div>
  );
}
