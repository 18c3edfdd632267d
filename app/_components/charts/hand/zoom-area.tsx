'use client';

import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { plotPx, zoomSpan } from '../plot';

interface ZoomAreaProps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly onZoom: (span: { readonly from: string; readonly to: string }) => void;
  readonly children: ReactNode;
}

/** A drag shorter than this is no zoom. */
const leastPx = 6;

/** Dragging over a chart chooses what all of them show; up and down still scrolls the page on a phone. */
export function ZoomArea({ fromMs, toMs, onZoom, children }: ZoomAreaProps) {
  const began = useRef<number | null>(null);
  const [parts, setParts] = useState<readonly [number, number] | null>(null);
  const stop = () => {
    began.current = null;
    setParts(null);
  };
  useEffect(() => {
    if (parts === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      began.current = null;
      setParts(null);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [parts]);
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (began.current === null) return;
    if (parts === null && Math.abs(event.clientX - began.current) < leastPx) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const part = (x: number) => {
      const of = (x - left - plotPx.left) / (width - plotPx.left - plotPx.right);
      return Math.min(1, Math.max(0, of));
    };
    setParts([part(began.current), part(event.clientX)]);
  };
  const drop = () => {
    if (parts !== null) onZoom(zoomSpan(fromMs, toMs, parts));
    stop();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the exact times above the charts do the same by keyboard
    <div
      data-zoom=""
      className="absolute inset-0 touch-pan-y select-none"
      onPointerDown={(event) => {
        if (event.button === 0) began.current = event.clientX;
      }}
      onPointerMove={move}
      onPointerUp={drop}
      onPointerCancel={stop}
      onDragStart={(event) => event.preventDefault()}
    >
      {children}
      {parts && (
        <div
          aria-hidden="true"
          className="pointer-events-none absolute"
          style={{ left: plotPx.left, right: plotPx.right, top: plotPx.top, bottom: plotPx.bottom }}
        >
          <div
            className="absolute inset-y-0 border-accent border-x bg-accent/20"
            style={{ left: `${Math.min(...parts) * 100}%`, width: `${Math.abs(parts[1] - parts[0]) * 100}%` }}
          />
        </div>
      )}
    </div>
  );
}
