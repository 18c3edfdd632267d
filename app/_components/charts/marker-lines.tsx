'use client';

import { ReferenceLine, usePlotArea } from 'recharts';
import type { MetricsView } from '@/lib/api/metrics-view';
import { useStageName } from '../state/use-stage-name';
import { MarkerLabel } from './marker-label';
import { markerRows } from './marker-rows';

interface MarkerLinesProps {
  readonly markers: MetricsView['markers'];
  readonly fromMs: number;
  readonly toMs: number;
}

const gapPx = 3;
const mostLetters = 16;
/** As wide as a letter of this size gets on average, and a Chinese one always. */
const [letterPx, hanPx] = [6, 10.5];

const widthOf = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? hanPx : letterPx), 0);

/** What was changed when, each with its name where there is room for it. */
export function MarkerLines({ markers, fromMs, toMs }: MarkerLinesProps) {
  const stageName = useStageName();
  const plot = usePlotArea();
  const { x: left, width } = plot ?? { x: 0, width: 0 };
  const shown = markers.map((marker) => {
    const atMs = Math.min(toMs, Math.max(fromMs, Date.parse(marker.at)));
    const x = left + ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * width;
    const text = marker.stage_to ? stageName(marker.stage_to) : marker.label.slice(0, mostLetters);
    const wide = widthOf(text) + 2 * gapPx;
    // Near the right edge the words stand left of their line.
    const atEnd = x + wide > left + width;
    const place = { from: atEnd ? x - wide : x, to: atEnd ? x : x + wide, isFirst: marker.kind === 'rollback' };
    return { marker, atMs, text, atEnd, place };
  });
  const rows = markerRows(shown.map(({ place }) => place));
  return shown.map(({ marker, atMs, text, atEnd }, index) => (
    <ReferenceLine
      key={marker.journal_id}
      x={atMs}
      stroke={marker.kind === 'rollback' ? 'var(--breach)' : 'var(--line-strong)'}
      strokeDasharray="2 3"
      label={<MarkerLabel marker={marker} text={text} row={rows[index] ?? null} atEnd={atEnd} />}
    />
  ));
}
