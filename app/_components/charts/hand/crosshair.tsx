'use client';

import { useEffect, useRef } from 'react';
import { type Drawn, scalesOfDrawn } from '../drawn';
import { plotPx } from '../plot';
import { SeriesKey } from '../series-key';
import { movedTo } from './move-crosshair';
import { followInstant } from './shared-instant';
import { useReading } from './use-reading';

interface CrosshairProps {
  readonly drawn: Drawn;
  /** One that nobody sees need not follow. */
  readonly isSeen: boolean;
}

/** A line at the instant that is pointed at, a point on each series, and what they say. */
export function Crosshair({ drawn, isSeen }: CrosshairProps) {
  const { series, size } = drawn;
  const root = useRef<HTMLDivElement>(null);
  const read = useReading(drawn);
  useEffect(() => {
    if (root.current === null || !isSeen) return;
    const move = movedTo(root.current, drawn, scalesOfDrawn(drawn));
    return followInstant((atMs) => move(atMs === null ? null : read(atMs)));
  }, [drawn, isSeen, read]);
  return (
    <div
      ref={root}
      data-crosshair=""
      aria-hidden="true"
      className="pointer-events-none invisible absolute inset-0 z-10 will-change-transform"
    >
      <svg aria-hidden="true" width={size.width} height={size.height} className="absolute inset-0">
        <path data-hair="" d={`M0,${plotPx.top}V${size.height - plotPx.bottom}`} stroke="var(--line-strong)" />
        {series.map(({ key, colour }) => (
          <circle key={key} data-dot="" r={3} fill={colour} />
        ))}
      </svg>
      <div
        data-words=""
        className="absolute top-0 left-0 w-max max-w-full rounded-control border bg-surface px-2.5 py-1.5 text-xs tabular-nums shadow-float"
      >
        <p data-time="" className="mb-1 text-muted" />
        {series.map((line) => (
          <p key={line.key} className="flex justify-between gap-4">
            <SeriesKey series={line} />
            <span data-figure="" className="font-medium" />
          </p>
        ))}
      </div>
    </div>
  );
}
