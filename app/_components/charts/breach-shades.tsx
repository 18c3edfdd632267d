'use client';

import type { MetricsView } from '@/lib/api/metrics-view';
import type { ChartSeries } from './chart-rows';
import type { Scales } from './plot';

interface BreachShadesProps {
  readonly breaches: MetricsView['breaches'];
  readonly series: readonly ChartSeries[];
  readonly scales: Scales;
}

const stripePx = 4;

/**
 * Red for each breach, and at its foot a stripe in the colour of whose it was, where more than one could be. Each arm's
 * stripe has its own height, so that spans at the same time are told apart.
 */
export function BreachShades({ breaches, series, scales: { x, top, bottom } }: BreachShadesProps) {
  const several = series.length > 2;
  const arms = [...new Set(breaches.map(({ arm }) => arm))];
  const colourOf = (arm: string) => series.find(({ provider }) => provider === arm)?.colour ?? 'var(--breach)';
  return breaches.map(({ arm, from, to }) => {
    const [begin, end] = [x(Date.parse(from)), x(Date.parse(to))];
    return (
      <g key={`${arm} ${from}`}>
        <rect x={begin} y={top} width={end - begin} height={bottom - top} fill="var(--breach)" fillOpacity={0.14} />
        {several && (
          <rect
            x={begin}
            y={bottom - (arms.indexOf(arm) + 1) * (stripePx + 1)}
            width={Math.max(end - begin, 2)}
            height={stripePx}
            fill={colourOf(arm)}
          />
        )}
      </g>
    );
  });
}
