'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { MetricsView } from '@/lib/api/metrics-view';
import type { RedLineView } from '@/lib/api/snapshot';
import { judgedBy, type Metric, metricsOf, units } from '@/lib/split/policy/metrics';
import { ChartPanel, isLong } from '../charts/chart-panel';
import { type ChartBand, type ChartRow, type ChartSeries, chartRows, seriesOf } from '../charts/chart-rows';
import { windowedView } from '../charts/windowed-series';
import { useFormats } from '../format/use-formats';
import { useUnitWords } from '../state/lines/use-unit-words';

const percentiles = [
  ['p50', 'p50_latency_ms', '1 4'],
  ['p95', 'p95_latency_ms', undefined],
  ['p99', 'p99_latency_ms', '7 3'],
] as const;

function percentileSeries(view: MetricsView, order: readonly string[]): ChartSeries[] {
  return percentiles.flatMap(([name, field, dash]) =>
    seriesOf(view, order, field).map((line) => ({ ...line, key: `${line.provider} ${name}`, dash })),
  );
}

/** From p50 to p99: how far the slow requests are from the usual ones. */
function percentileBands(view: MetricsView, order: readonly string[]): ChartBand[] {
  return seriesOf(view, order, 'p50_latency_ms').map(({ provider, colour }) => {
    return { low: `${provider} p50`, high: `${provider} p99`, colour };
  });
}

/** The same as long as the view is, so that no chart is drawn for nothing. */
interface Drawn {
  readonly format: (value: number | null) => string;
  readonly breaches: MetricsView['breaches'];
  readonly standsSeconds: number;
  readonly rowsOf?: () => readonly ChartRow[];
}

interface MetricChartsProps {
  readonly view: MetricsView;
  /** The arms as they are drawn, the baseline first. */
  readonly order: readonly string[];
  readonly lines: readonly Pick<RedLineView, 'metric' | 'limit' | 'window_seconds'>[];
  /** From the address; that metric comes first and large. */
  readonly focus: string | null;
  /** Left out, the charts stand still. */
  readonly onZoom?: (span: { readonly from: string; readonly to: string }) => void;
}

export function MetricCharts({ view, order, lines, focus, onZoom }: MetricChartsProps) {
  const t = useTranslations();
  const { metric, ms, duration } = useFormats();
  const unitOf = useUnitWords();
  const metrics = metricsOf[judgedBy({ redLines: view.lines })];
  const series = useMemo(
    () => ({
      percentiles: percentileSeries(view, order),
      bands: percentileBands(view, order),
      of: Object.fromEntries(metrics.map((name: Metric) => [name, seriesOf(view, order, name)])) as Record<
        Metric,
        ChartSeries[]
      >,
    }),
    [view, order, metrics],
  );
  // A line relative to the baseline's cost is known where the baseline's cost is: in the snapshot.
  const limitOf = (name: Metric) =>
    [...view.lines, ...lines].find((line) => line.metric === name && line.limit !== null)?.limit ?? null;
  const windowOf = (name: Metric) => lines.find((line) => line.metric === name)?.window_seconds ?? 300;
  const windows = metrics.map((name: Metric) => (units[name] === 'percent' ? windowOf(name) : 0)).join(' ');
  const drawn = useMemo(() => {
    const seconds = windows.split(' ').map(Number);
    const each = metrics.map((name: Metric, at): [Metric, Drawn] => {
      const standsSeconds = seconds[at] ?? 0;
      const breaches = view.breaches.filter((span) => span.metric === name);
      const rowsOf = () => chartRows(windowedView(view, name, standsSeconds), series.of[name]);
      return [
        name,
        { format: (value) => metric(name, value), breaches, standsSeconds, ...(standsSeconds > 0 ? { rowsOf } : {}) },
      ];
    });
    return Object.fromEntries(each) as Record<Metric, Drawn>;
  }, [metrics, windows, metric, view, series]);
  const ordered = [...metrics].sort((a, b) => Number(b === focus) - Number(a === focus));
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
      {ordered.map((name) => (
        <ChartPanel
          key={name}
          title={t(`metric.${name}`)}
          note={[
            drawn[name].standsSeconds > 0
              ? t('metrics.windowed', { window: duration(drawn[name].standsSeconds) })
              : t('metrics.step', { step: duration(view.step_seconds) }),
            unitOf(name) ?? [],
          ]
            .flat()
            .join(' · ')}
          view={view}
          series={series.of[name]}
          {...drawn[name]}
          limit={limitOf(name)}
          focused={name === focus}
          onZoom={onZoom}
        />
      ))}
      {/* Beside a chart in focus three stay, and this is the fourth. */}
      <div className={ordered[0] === focus && !isLong(view) ? undefined : 'lg:col-span-2'}>
        <ChartPanel
          title={t('metrics.percentiles')}
          note={t('metrics.percentilesHint')}
          view={view}
          series={series.percentiles}
          bands={series.bands}
          format={ms}
          onZoom={onZoom}
        />
      </div>
    </div>
  );
}
