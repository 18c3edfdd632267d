'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import { formatInstant, zoneOf } from '../format/instant';
import { classes } from '../ui/classes';

/** How old the numbers on the screen are, always in sight. */
export function Freshness() {
  const t = useTranslations('freshness');
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
        <span
          className={classes(
            'size-2 rounded-full forced-color-adjust-none',
            stale ? 'border border-current' : 'bg-good',
          )}
        />
        {ageMs === null ? t('waiting') : stale ? t('stale', { seconds }) : t('live', { seconds })}
      </span>
      {/* Every instant on the page is read against it. It has its room before it is known. */}
      <span className="hidden min-w-14 text-muted text-xs whitespace-nowrap lg:block xl:min-w-20">
        {nowMs !== null && <Clock nowMs={nowMs} />}
      </span>
    </>
  );
}

function Clock({ nowMs }: { readonly nowMs: number }) {
  const t = useTranslations('freshness');
  const locale = useLocale();
  const now = new Date(nowMs).toISOString();
  const zone = zoneOf(nowMs, locale);
  return (
    <time title={t('clock', { zone, utc: formatInstant(now, nowMs, locale, 'UTC') })}>
      {formatInstant(now, nowMs, locale, undefined)}
      <span className="ml-1 hidden xl:inline">{zone}</span>
    </time>
  );
}
