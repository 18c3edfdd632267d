'use client';

import type { MetricsView } from '@/lib/api/metrics-view';
import { useStageName } from '../state/use-stage-name';
import { SplitLink } from '../ui/split-link';

interface MarkerLabelProps {
  readonly marker: MetricsView['markers'][number];
  /** null: another stands on the same spot and is named. */
  readonly row: 0 | 1 | null;
  /** Near the right edge the words stand left of their line. */
  readonly atEnd: boolean;
  /** Given by recharts. */
  readonly viewBox?: { readonly x?: number; readonly y?: number };
}

/** Above its line, and a way to its journal row; keyboards have the list under the chart. */
export function MarkerLabel({ marker, row, atEnd, viewBox }: MarkerLabelProps) {
  const stageName = useStageName();
  if (row === null) return null;
  const rolledBack = marker.kind === 'rollback';
  return (
    <SplitLink href={`/journal/${marker.journal_id}`} tabIndex={-1} aria-hidden="true">
      <text
        x={(viewBox?.x ?? 0) + (atEnd ? -3 : 3)}
        textAnchor={atEnd ? 'end' : 'start'}
        y={(viewBox?.y ?? 0) - (row === 0 ? 2 : 11)}
        fontSize={10}
        fill={rolledBack ? 'var(--breach)' : 'var(--muted)'}
      >
        {marker.stage_to ? stageName(marker.stage_to) : marker.label.slice(0, 16)}
      </text>
    </SplitLink>
  );
}
