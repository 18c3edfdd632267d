'use client';

import type { MetricsView } from '@/lib/api/metrics-view';
import { SplitLink } from '../ui/split-link';

interface MarkerLabelProps {
  readonly marker: MetricsView['markers'][number];
  readonly text: string;
  /** null: others need the room more. */
  readonly row: 0 | 1 | null;
  /** Near the right edge the words stand left of their line. */
  readonly atEnd: boolean;
  /** Given by recharts. */
  readonly viewBox?: { readonly x?: number; readonly y?: number };
}

/** Above its line, and a way to its journal row; keyboards have the list under the chart. */
export function MarkerLabel({ marker, text, row, atEnd, viewBox }: MarkerLabelProps) {
  if (row === null) return null;
  const rolledBack = marker.kind === 'rollback';
  return (
    <SplitLink href={`/journal/${marker.journal_id}`} tabIndex={-1} aria-hidden="true">
      <text
        x={(viewBox?.x ?? 0) + (atEnd ? -3 : 3)}
        textAnchor={atEnd ? 'end' : 'start'}
        y={(viewBox?.y ?? 0) - (row === 0 ? 3 : 14)}
        fontSize={10}
        fill={rolledBack ? 'var(--breach)' : 'var(--muted)'}
      >
        {text}
      </text>
    </SplitLink>
  );
}
