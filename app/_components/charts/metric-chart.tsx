'use client';

import { memo } from 'react';
import { TimeAxis, ValueAxis } from './axes';
import { BreachShades } from './breach-shades';
import { type Drawn, scalesOfDrawn, valuesOf } from './drawn';
import { LimitLine } from './limit-line';
import { bandPath, linePath } from './line-path';
import { MarkerLines } from './marker-lines';

/** The one chart of all metrics: every arm on one scale, the red line always in sight. */
function Chart({ drawn }: { readonly drawn: Drawn }) {
  const { rows, series, bands, fromMs, toMs, gapMs, format, limit, breaches, markers, size } = drawn;
  const scales = scalesOfDrawn(drawn);
  return (
    <svg
      data-chart=""
      aria-hidden="true"
      width={size.width}
      height={size.height}
      viewBox={`0 0 ${size.width} ${size.height}`}
      fill="none"
      className="absolute inset-0 overflow-visible"
    >
      <ValueAxis scales={scales} values={valuesOf(drawn)} format={format} />
      <TimeAxis scales={scales} fromMs={fromMs} toMs={toMs} />
      <BreachShades breaches={breaches} series={series} scales={scales} />
      <MarkerLines markers={markers} scales={scales} />
      {bands.map(({ low, high, colour }) => (
        <path key={low} d={bandPath(rows, [low, high], scales, gapMs)} fill={colour} fillOpacity={0.14} />
      ))}
      {series.map(({ key, colour, isBaseline, dash }) => (
        <path
          key={key}
          data-line={key}
          d={linePath(rows, key, scales, gapMs)}
          stroke={colour}
          strokeWidth={isBaseline ? 1.5 : 2}
          strokeDasharray={dash}
          strokeLinejoin="round"
        />
      ))}
      {limit !== null && <LimitLine limit={limit} format={format} scales={scales} />}
    </svg>
  );
}

/** Drawn again when what it shows has changed, not whenever the page around it has, and by no hand that moves over it. */
export const MetricChart = memo(Chart);
