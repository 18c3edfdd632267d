'use client';

import type { MetricsView } from '@/lib/api/metrics-view';
import { useVerbName } from '../journal/use-verb-name';
import { useStageName } from '../state/use-stage-name';
import { SplitLink } from '../ui/split-link';
import { markerRows } from './marker-rows';
import type { Scales } from './plot';
import { textWidth } from './text-width';

interface MarkerLinesProps {
  readonly markers: MetricsView['markers'];
  readonly scales: Scales;
}

const gapPx = 3;
const mostLetters = 16;

/** What was changed when, each with its name above its line where there is room for it. */
export function MarkerLines({ markers, scales: { x, top, bottom, right } }: MarkerLinesProps) {
  const stageName = useStageName();
  const verbName = useVerbName();
  const marks = markers.map((marker) => {
    const at = x(Date.parse(marker.at));
    // A pause is no entry into the stage that it leaves as it is.
    const isMove = marker.label === marker.stage_to;
    const text = (isMove ? stageName(marker.label) : verbName(marker.label)).slice(0, mostLetters);
    const wide = textWidth(text) + 2 * gapPx;
    const rolledBack = marker.kind === 'rollback';
    // Near the right edge the words stand left of their line.
    const atEnd = at + wide > right;
    const place = { from: atEnd ? at - wide : at, to: atEnd ? at : at + wide, isFirst: rolledBack };
    return { marker, at, text, rolledBack, atEnd, place };
  });
  const rows = markerRows(marks.map(({ place }) => place));
  return marks.map(({ marker: { journal_id }, at, text, rolledBack, atEnd }, index) => (
    <g key={journal_id}>
      <path
        d={`M${at},${top}V${bottom}`}
        stroke={rolledBack ? 'var(--breach)' : 'var(--line-strong)'}
        strokeDasharray="2 3"
      />
      {rows[index] !== null && (
        // A way to its journal row; keyboards have the list under the chart.
        <SplitLink href={`/journal/${journal_id}`} tabIndex={-1} aria-hidden="true">
          <text
            x={at + (atEnd ? -gapPx : gapPx)}
            y={top - (rows[index] === 0 ? 3 : 14)}
            textAnchor={atEnd ? 'end' : 'start'}
            fontSize={10}
            fill={rolledBack ? 'var(--breach)' : 'var(--muted)'}
          >
            {text}
          </text>
        </SplitLink>
      )}
    </g>
  ));
}
