'use client';

import { useTranslations } from 'next-intl';
import { memo, useMemo } from 'react';
import type { MetricsView } from '@/lib/api/metrics-view';
import { useFormats } from '../format/use-formats';
import { classes } from '../ui/classes';
import { type ChartBand, type ChartRow, type ChartSeries, chartRows, hasNumbers } from './chart-rows';
import { ChartTable } from './chart-table';
import type { Drawn } from './drawn';
import { Crosshair } from './hand/crosshair';
import { PlotHand } from './hand/plot-hand';
import { ZoomArea } from './hand/zoom-area';
import { MetricChart } from './metric-chart';
import { SeriesKey } from './series-key';
import { useSeen, useSize } from './use-box';
import { useInTurn } from './use-in-turn';

interface ChartPanelProps {
  readonly title: string;
  readonly note?: string;
  readonly view: MetricsView;
  /** Left out, the points of the view. Asked for once, in the chart's own turn. */
  readonly rowsOf?: () => readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly bands?: readonly ChartBand[];
  /** A figure over a window is true so long after its point; left out, one of its step alone. */
  readonly standsSeconds?: number;
  readonly format: (value: number | null) => string;
  readonly limit?: number | null;
  readonly breaches?: MetricsView['breaches'];
  readonly focused?: boolean;
  readonly onZoom?: (span: { readonly from: string; readonly to: string }) => void;
}

const noBreaches: MetricsView['breaches'] = [];
const noRows: readonly ChartRow[] = [];
const noBands: readonly ChartBand[] = [];

/** A chart with its title, key and data table, in a box that keeps its size while data comes and goes. */
function Panel(props: ChartPanelProps) {
  const {
    title,
    note,
    view,
    series,
    format,
    limit = null,
    standsSeconds = 0,
    breaches = noBreaches,
    bands = noBands,
    rowsOf,
    focused,
    onZoom,
  } = props;
  const t = useTranslations('chart');
  const { duration } = useFormats();
  const isWide = focused || isLong(view);
  const [box, size] = useSize<HTMLDivElement>();
  // The table below the plot is read as well.
  const [panel, isSeen] = useSeen<HTMLElement>();
  const make = useMemo(() => {
    if (size === null) return null;
    const { from, to, markers, step_seconds } = view;
    const standsMs = standsSeconds * 1000;
    return (): Drawn => ({
      rows: rowsOf?.() ?? chartRows(view, series),
      ...{ title, series, bands, format, limit, breaches, markers, size, standsMs },
      ...{ fromMs: Date.parse(from), toMs: Date.parse(to), gapMs: Math.max(1500 * step_seconds, standsMs) },
    });
  }, [title, rowsOf, series, bands, format, limit, breaches, size, standsSeconds, view]);
  const shown = useInTurn(make, isSeen);
  const chart = shown && (
    <>
      <MetricChart drawn={shown} />
      <PlotHand drawn={shown} onZoom={onZoom} />
      <Crosshair drawn={shown} isSeen={isSeen} />
    </>
  );
  return (
    <section
      ref={panel}
      aria-label={title}
      className={classes(
        // Made narrow out of sight, a drawing waits for its turn: it must not widen the page until then.
        'min-w-0 overflow-x-clip rounded-panel border bg-surface p-4',
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
        {shown && onZoom ? (
          <ZoomArea fromMs={shown.fromMs} toMs={shown.toMs} onZoom={onZoom}>
            {chart}
          </ZoomArea>
        ) : (
          chart
        )}
        {shown && !hasNumbers(shown.rows) && (
          <p className="pointer-events-none absolute inset-0 grid place-items-center text-muted text-sm">
            <span className="rounded bg-surface px-2 py-1">{t('empty')}</span>
          </p>
        )}
      </div>
      <ChartTable title={title} rows={shown?.rows ?? noRows} series={series} format={format} />
    </section>
  );
}

/** The page around it draws itself anew each second. */
export const ChartPanel = memo(Panel);

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
