'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { Drawn } from '../drawn';
import { plotPx, widerSpan, zoomSpan } from '../plot';
import { handKey } from './hand-key';
import { pointAt, pointByTouch } from './shared-instant';
import { useReading } from './use-reading';

interface PlotHandProps {
  readonly drawn: Drawn;
  readonly onZoom?: (span: { readonly from: string; readonly to: string }) => void;
}

/** Over the plot of a chart: a mouse, a finger or the arrow keys say which instant all charts show. */
export function PlotHand({ drawn, onZoom }: PlotHandProps) {
  const { title, rows, series, fromMs, toMs, format, limit } = drawn;
  const t = useTranslations('chart');
  const read = useReading(drawn);
  const [chosenMs, setChosenMs] = useState<number | null>(null);
  // What was chosen may have left the plot since.
  const isInside = chosenMs !== null && chosenMs >= fromMs && chosenMs <= toMs;
  const reading = read(isInside ? chosenMs : toMs);
  if (reading === null) return null;
  const choose = (atMs: number) => {
    setChosenMs(atMs);
    pointAt(atMs);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const asked = handKey(event);
    if (asked === null) return;
    if (asked === 'leave') pointAt(null);
    else if (asked === 'in') {
      const part = (reading.atMs - fromMs) / (toMs - fromMs);
      onZoom?.(zoomSpan(fromMs, toMs, [part - 0.25, part + 0.25]));
    } else if (asked === 'out') onZoom?.(widerSpan(fromMs, toMs, Date.now()));
    else {
      const index = Math.min(rows.length - 1, Math.max(0, reading.index + asked.step));
      choose(rows[index]?.atMs ?? reading.atMs);
    }
    event.preventDefault();
  };
  const pointerAt = ({ currentTarget, nativeEvent }: PointerEvent) =>
    fromMs + (nativeEvent.offsetX / Math.max(1, currentTarget.clientWidth)) * (toMs - fromMs);
  const figures = series.map(({ key, name }, index) => `${name ?? key} ${format(reading.values[index] ?? null)}`);
  return (
    <div
      role="slider"
      tabIndex={0}
      data-plot=""
      aria-label={t('read', { title })}
      aria-valuemin={0}
      aria-valuemax={rows.length - 1}
      aria-valuenow={reading.index}
      aria-valuetext={[
        reading.time,
        ...figures,
        ...(limit === null ? [] : [t('limit', { limit: format(limit) })]),
      ].join(', ')}
      className="absolute"
      style={plotPx}
      onKeyDown={onKeyDown}
      onFocus={({ currentTarget }) => currentTarget.matches(':focus-visible') && pointAt(reading.atMs)}
      onBlur={() => pointAt(null)}
      onPointerDown={(event) => event.pointerType === 'touch' && pointByTouch(pointerAt(event))}
      // The finger scrolls the page.
      onPointerCancel={() => pointAt(null)}
      onPointerMove={(event) => pointAt(pointerAt(event))}
      onPointerLeave={({ pointerType }) => pointerType !== 'touch' && pointAt(null)}
    />
  );
}
