'use client';

import { useTranslations } from 'next-intl';
import type { Segment } from '@/lib/api/segments-view';
import { useFormats } from '../format/use-formats';
import { Badge } from '../ui/badge';

/** A candidate's figure beside the baseline's. Only what differs beyond chance is marked, and never as a breach. */
export function SegmentFigure({ row }: { readonly row: Segment['comparison'][number] }) {
  const t = useTranslations('segments');
  const { metric } = useFormats();
  const { arm, baseline, candidate, verdict } = row;
  return (
    <span className="block">
      <span className="font-medium">{metric(row.metric, candidate.value)}</span>{' '}
      <span className="text-muted text-xs">{t('against', { value: metric(row.metric, baseline.value) })}</span>{' '}
      {verdict === 'worse' && (
        <Badge tone="caution" icon="alert">
          {t('worse', { arm })}
        </Badge>
      )}
      {verdict === 'better' && (
        <Badge tone="well" icon="check">
          {t('better', { arm })}
        </Badge>
      )}
    </span>
  );
}
