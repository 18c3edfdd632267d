'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import { formatInstant } from '../format/instant';
import { classes } from '../ui/classes';

/** How old the numbers on the screen are, always in sight. */
export function Freshness() {
  const t = useTranslations('freshness');
  const locale = useLocale();
  const nowMs = useServerNowMs();
  const { ageMs, isStale } = useFreshness();
  const stale = ageMs === null || isStale;
  const seconds = Math.floor((ageMs ?? 0) / 1000);
  return (
    <>
      <span
        className="inline-flex min-w-20 tabular-nums items-center gap-1.5 text-muted text-xs whitespace-nowrap"
        title={t('title')}
      >
        <span className={classes('size-2 rounded-full', stale ? 'border border-current' : 'bg-good')} />
        {ageMs === null ? t('waiting') : stale ? t('stale', { seconds }) : t('live', { seconds })}
      </span>
      {/* Every instant on the page is read against it. */}
      <time title={t('clock')} className="hidden min-w-14 text-muted text-xs lg:block">
        {nowMs !== null && formatInstant(new Date(nowMs).toISOString(), nowMs, locale, undefined)}
      </time>
    </>
  );
}
