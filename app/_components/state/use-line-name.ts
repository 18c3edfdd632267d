'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { RedLineView, Snapshot } from '@/lib/api/snapshot';

/** What a red line is called; with the candidate that it judges, where there are several. */
export function useLineName({ red_lines: lines }: Snapshot): (line: RedLineView) => string {
  const t = useTranslations('metric');
  const arms = new Set(lines.map(({ arm }) => arm)).size;
  return useCallback(({ arm, metric }) => (arms > 1 ? `${arm}: ${t(metric)}` : t(metric)), [t, arms]);
}
