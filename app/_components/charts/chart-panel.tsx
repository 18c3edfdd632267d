'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { MetricsView } from '@/lib/api/metrics-view';
import { useFormats } from '../format/use-formats';
import { classes } from '../ui/classes';
import { type ChartBand, type ChartRow, type ChartSeries, chartRows, hasNumbers } from './chart-rows';
import { ChartTable } from './chart-table';
import { SeriesKey } from './series-key';
import { useInTurn } from './use-in-turn';
import { useOnScreen } from './use-on-screen';
import { ZoomArea } from './zoom-area';

// The chart library is most of the JavaScript of this application; only this page pays for it.
const MetricChart = dynamic(() => import('./metric-chart'), { ssr: false });

interface ChartPanelProps {
  readonly title: string;
  readonly note?: string;
  readonly view: MetricsView;
  /** Left out, the points of the view. */
  readonly rows?: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly bands?: readonly ChartBand[];
  readonly format: (value: number | null) => string;
  readonly limit?: number | null;
  readonly breaches?: MetricsView['breaches'];
  readonly focused?: boolean;
  readonly onZoom?: (span: { readonly from: string; readonly to: string }) => void;
}

const noBreaches: MetricsView['breaches'] = [];
const noBands: readonly ChartBand[] = [];

/** A chart with its title, key and data table, in a box that keeps its size while data comes and goes. */
export function ChartPanel(props: ChartPanelProps) {
  const {
    title,
    note,
    view,
    series,
    format,
    limit = null,
    breaches = noBreaches,
    bands = noBands,
    focused,
    onZoom,
  } = props;
  const t = useTranslations('chart');
  const { duration } = useFormats();
  const rows = useMemo(() => props.rows ?? chartRows(view, series), [props.rows, view, series]);
  const [fromMs, toMs] = [Date.parse(view.from), Date.parse(view.to)];
  const isWide = focused || isLong(view);
  const { markers } = view;
  const [box, isSeen] = useOnScreen<HTMLDivElement>();
  const drawn = useMemo(
    () => ({ rows, series, bands, fromMs, toMs, format, limit, breaches, markers }),
    [rows, series, bands, fromMs, toMs, format, limit, breaches, markers],
  );
  const shown = useInTurn(drawn, isSeen);
  const chart = <MetricChart {...shown} isSeen={isSeen} />;
  return (
    <section
      aria-label={title}
      className={classes(
        'min-w-0 rounded-panel border bg-surface p-4',
        focused && 'border-accent',
        isWide && 'lg:col-span-2',
      )}
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="font-semibold text-sm">{title}</h2>
        <p className="flex flex-wrap gap-x-3 text-muted text-xs">
          {series.map((line) => (
            <SeriesKey key={line.key} series={line} />
          ))}
        </p>
      </div>
      {note && <p className="text-muted text-xs">{note}</p>}
      {series.length > 2 && breaches.length > 0 && (
        <p className="text-breach text-xs">{t('over', { arms: overList(breaches, duration) })}</p>
      )}
      <div ref={box} className={classes('relative mt-1', focused ? 'h-80' : 'h-56')}>
        {onZoom ? (
          <ZoomArea fromMs={shown.fromMs} toMs={shown.toMs} onZoom={onZoom}>
            {chart}
          </ZoomArea>
        ) : (
          chart
        )}
        {!hasNumbers(rows) && (
          <p className="pointer-events-none absolute inset-0 grid place-items-center text-muted text-sm">
            <span className="rounded bg-surface px-2 py-1">{t('empty')}</span>
          </p>
        )}
      </div>
      <ChartTable title={title} rows={rows} series={series} format={format} />
    </section>
  );
}

const longMs = 36 * 3_600_000;

/** Days need the whole width. */
export const isLong = ({ from, to }: MetricsView): boolean => Date.parse(to) - Date.parse(from) > longMs;

/** What is shaded, in words: "new 12m, small 3m". */
function overList(breaches: MetricsView['breaches'], duration: (seconds: number) => string): string {
  const seconds = new Map<string, number>();
  for (const { arm, from, to } of breaches)
    seconds.set(arm, (seconds.get(arm) ?? 0) + (Date.parse(to) - Date.parse(from)) / 1000);
  return [...seconds].map(([arm, over]) => `${arm} ${duration(over)}`).join(', ');
}
