'use client';

import { useTranslations } from 'next-intl';
import { useFreshness } from '@/app/_queries/server-now';
import { classes } from '../ui/classes';

/** How old the numbers on the screen are, always in sight. */
export function Freshness() {
  const t = useTranslations('freshness');
  const { ageMs, isStale } = useFreshness();
  const stale = ageMs === null || isStale;
  const seconds = Math.floor((ageMs ?? 0) / 1000);
  return (
    <span
      className="inline-flex min-w-20 tabular-nums items-center gap-1.5 text-muted text-xs whitespace-nowrap"
      title={t('title')}
    >
      <span className={classes('size-2 rounded-full', stale ? 'border border-current' : 'bg-good')} />
      {ageMs === null ? t('waiting') : stale ? t('stale', { seconds }) : t('live', { seconds })}
    </span>
  );
}
