'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';

/** How what goes to the baseline fares there, with its numbers. */
export function BaselineNow({ snapshot: { arms, baseline, providers } }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('headline');
  const { count, duration, percent } = useFormats();
  const provider = arms.find(({ name }) => name === baseline)?.provider ?? baseline;
  const recent = providers[provider]?.recent;
  if (recent === undefined) return null;
  const { requests: n, failures, window_seconds: window } = recent;
  const share = n > 0 ? percent(failures / n) : '–';
  return (
    <p className="mt-1 text-muted text-sm">
      {t('baselineNow', { n, provider, share, count: count(n), window: duration(window) })}
    </p>
  );
}
