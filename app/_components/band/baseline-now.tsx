'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { baselineRecent } from './resting';

/** How what goes to the baseline fares there, with its numbers. */
export function BaselineNow({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('headline');
  const { count, duration, percent } = useFormats();
  const recent = baselineRecent(snapshot);
  if (recent === null) return null;
  const { provider, requests: n, failures, window_seconds: window } = recent;
  const share = n > 0 ? percent(failures / n) : '–';
  return (
    <p className="mt-1 text-muted text-sm">
      {t('baselineNow', { n, provider, share, count: count(n), window: duration(window) })}
    </p>
  );
}
