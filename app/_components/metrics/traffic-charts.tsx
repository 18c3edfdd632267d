'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useMemo } from 'react';
import type { MetricsView } from '@/lib/api/metrics-view';
import { ChartPanel } from '../charts/chart-panel';
import type { ChartSeries } from '../charts/chart-rows';
import { useFormats } from '../format/use-formats';
import { armColour, byArm } from '../state/arm-colour';
import { orderedKey, trafficRows } from './traffic-rows';

interface TrafficChartsProps {
  readonly view: MetricsView;
  /** The arms as they are drawn, the baseline first. */
  readonly order: readonly string[];
  readonly onZoom: (span: { readonly from: string; readonly to: string }) => void;
}

/** How much goes through the split, and whether it goes where it was ordered to. */
export function TrafficCharts({ view, order, onZoom }: TrafficChartsProps) {
  const t = useTranslations('metrics');
  const { rate, percent, duration } = useFormats();
  const rows = useMemo(() => {
    let made: ReturnType<typeof trafficRows> | undefined;
    const all = () => {
      made ??= trafficRows(view);
      return made;
    };
    return { rates: () => all().rates, shares: () => all().shares };
  }, [view]);
  const series = useMemo(() => {
    const { rates, shares } = seriesOfTraffic(view, order);
    const named = shares.map((line) => (line.dash ? { ...line, name: t('ordered', { arm: line.provider }) } : line));
    return { rates, shares: named };
  }, [view, order, t]);
  const perMinute = useCallback(
    (value: number | null) => (value === null ? percent(null) : rate(value)),
    [percent, rate],
  );
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
      <ChartPanel
        title={t('requests')}
        note={t('requestsNote', { window: duration(Math.max(60, view.step_seconds)) })}
        view={view}
        rowsOf={rows.rates}
        series={series.rates}
        format={perMinute}
        onZoom={onZoom}
      />
      <ChartPanel
        title={t('shares')}
        note={t('sharesNote', { window: duration(Math.max(300, view.step_seconds)) })}
        view={view}
        rowsOf={rows.shares}
        series={series.shares}
        format={percent}
        onZoom={onZoom}
      />
    </div>
  );
}

/** The baseline's share is the rest, and would press the others against the foot. */
function seriesOfTraffic(view: MetricsView, order: readonly string[]) {
  const [baseline] = order;
  const named = view.weights.flatMap(({ weights }) => Object.keys(weights).filter((arm) => (weights[arm] ?? 0) > 0));
  const arms = [...new Set([...Object.keys(view.providers), ...named])].sort(byArm(order));
  const line = (provider: string): ChartSeries => ({
    ...{ key: provider, provider, isBaseline: provider === baseline },
    colour: armColour(order, provider),
  });
  const shared = arms.filter((arm) => arm !== baseline);
  return {
    rates: arms.map(line),
    shares: shared.flatMap((arm) => [line(arm), { ...line(arm), key: orderedKey(arm), dash: '6 3' }]),
  };
}
