'use client';

import type { Scales } from './plot';
import { roundTicks } from './round-ticks';
import { textWidth } from './text-width';
import { useTickTime } from './use-tick-time';

const fontPx = 11;
const gapPx = 16;

interface TimeAxisProps {
  readonly scales: Scales;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Round times of the reader's clock, as many as there is room for. */
export function TimeAxis({ scales, fromMs, toMs }: TimeAxisProps) {
  const { left, right, bottom, x } = scales;
  const tickTime = useTickTime(toMs - fromMs);
  const ticks = roundTicks(fromMs, toMs).map((atMs) => ({ atMs, at: x(atMs), text: tickTime(atMs) }));
  const widest = Math.max(0, ...ticks.map(({ text }) => textWidth(text)));
  const apart = (ticks[1]?.at ?? right) - (ticks[0]?.at ?? left);
  const every = Math.max(1, Math.ceil((widest + gapPx) / Math.max(1, apart)));
  const shown = ticks.filter((_, index) => index % every === 0);
  return (
    <g fill="var(--muted)" fontSize={fontPx} textAnchor="middle">
      <path d={`M${left},${bottom}H${right}`} stroke="var(--line)" />
      {shown.map(({ atMs, at, text }) => (
        // The last one must not stand beyond the panel.
        <text key={atMs} x={Math.min(at, right + gapPx - widest / 2)} y={bottom + 18}>
          {text}
        </text>
      ))}
    </g>
  );
}

interface ValueAxisProps {
  readonly scales: Scales;
  readonly values: readonly number[];
  readonly format: (value: number | null) => string;
}

export function ValueAxis({ scales: { left, right, y }, values, format }: ValueAxisProps) {
  return (
    <g fill="var(--muted)" fontSize={fontPx} textAnchor="end">
      <path d={values.map((value) => `M${left},${y(value)}H${right}`).join('')} stroke="var(--line)" />
      {values.map((value) => (
        <text key={value} x={left - 8} y={y(value) + 4}>
          {format(value)}
        </text>
      ))}
    </g>
  );
}
