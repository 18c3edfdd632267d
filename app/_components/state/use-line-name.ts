'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { RedLineView, Snapshot } from '@/lib/api/snapshot';
import { areSeveral } from './candidates';

/** What a red line is called; with the candidate that it judges, where there are several. */
export function useLineName(snapshot: Snapshot): (line: RedLineView) => string {
  const t = useTranslations('metric');
  const several = areSeveral(snapshot);
  return useCallback(({ arm, metric }) => (several ? `${arm}: ${t(metric)}` : t(metric)), [t, several]);
}
