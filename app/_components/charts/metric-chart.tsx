'use client';

import { useTranslations } from 'next-intl';
import { memo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { MetricsView } from '@/lib/api/metrics-view';
import { BreachShade } from './breach-shade';
import type { ChartBand, ChartRow, ChartSeries } from './chart-rows';
import { ChartTooltip } from './chart-tooltip';
import { LimitLabel } from './limit-label';
import { MarkerLines } from './marker-lines';
import { plotPx } from './plot';
import { roundTicks } from './round-ticks';
import { roundValues } from './round-values';
import { useTickTime } from './use-tick-time';

interface MetricChartProps {
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly bands: readonly ChartBand[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly format: (value: number | null) => string;
  readonly limit: number | null;
  readonly breaches: MetricsView['breaches'];
  readonly markers: MetricsView['markers'];
  /** The crosshair of the others moves its own; one that nobody sees need not follow. */
  readonly isSeen: boolean;
}

const axis = { stroke: 'var(--line)', tick: { fill: 'var(--muted)', fontSize: 11 }, tickLine: false } as const;
const { top, right } = plotPx;
const dayMs = 86_400_000;

/** Of everything that is drawn, the red line too. */
function highestOf(rows: readonly ChartRow[], series: readonly ChartSeries[], limit: number | null): number {
  const values = series.flatMap(({ key }) => rows.map((row) => row[key] ?? 0));
  return values.reduce((highest, value) => Math.max(highest, value), limit ?? 0);
}

/** The one chart of all metrics: every arm on one scale, the red line always in sight. */
function MetricChart({ rows, series, bands, fromMs, toMs, format, limit, isSeen, ...marks }: MetricChartProps) {
  const t = useTranslations('chart');
  const tickTime = useTickTime(toMs - fromMs);
  const values = roundValues(highestOf(rows, series, limit));
  const colourOf = (arm: string) => series.find(({ provider }) => provider === arm)?.colour ?? 'var(--breach)';
  const breached = [...new Set(marks.breaches.map(({ arm }) => arm))];
  const several = series.length > 2;
  const within = (iso: string) => Math.min(toMs, Math.max(fromMs, Date.parse(iso)));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={[...rows]}
        margin={{ top, right, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        {...(isSeen ? { syncId: 'metrics' } : {})}
        syncMethod="value"
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="atMs"
          type="number"
          domain={[fromMs, toMs]}
          tickFormatter={tickTime}
          ticks={[...roundTicks(fromMs, toMs)]}
          interval="equidistantPreserveStart"
          minTickGap={16}
          height={plotPx.bottom}
        />
        <YAxis
          {...axis}
          axisLine={false}
          width={plotPx.left}
          domain={[0, values?.at(-1) ?? 'auto']}
          ticks={values ? [...values] : undefined}
          interval={0}
          tickFormatter={(value) => format(value)}
        />
        {marks.breaches.map((span) => (
          <ReferenceArea
            key={`${span.arm} ${span.from}`}
            x1={within(span.from)}
            x2={within(span.to)}
            ifOverflow="hidden"
            shape={<BreachShade colour={several ? colourOf(span.arm) : null} row={breached.indexOf(span.arm)} />}
          />
        ))}
        <MarkerLines markers={marks.markers} fromMs={fromMs} toMs={toMs} />
        {limit !== null && (
          <ReferenceLine
            y={limit}
            ifOverflow="extendDomain"
            stroke="var(--breach)"
            strokeWidth={1.5}
            strokeDasharray="6 4"
            label={<LimitLabel text={t('limit', { limit: format(limit) })} />}
          />
        )}
        <Tooltip
          isAnimationActive={false}
          content={<ChartTooltip series={series} format={format} isLong={toMs - fromMs > dayMs} />}
          cursor={{ stroke: 'var(--line-strong)' }}
        />
        {bands.map(({ low, high, colour }) => (
          <Area
            key={low}
            dataKey={(row: ChartRow) => [row[low] ?? null, row[high] ?? null]}
            stroke="none"
            fill={colour}
            fillOpacity={0.14}
            activeDot={false}
            tooltipType="none"
            isAnimationActive={false}
          />
        ))}
        {series.map((line) => (
          <Line
            key={line.key}
            dataKey={line.key}
            stroke={line.colour}
            strokeWidth={line.isBaseline ? 1.5 : 2}
            strokeDasharray={line.dash}
            dot={rows.length < 3 ? { r: 2 } : false}
            activeDot={{ r: 3 }}
            isAnimationActive={false}
          />
        ))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** Drawn again when what it shows has changed, not whenever the page around it has. */
export default memo(MetricChart);
