'use client';

import { useTranslations } from 'next-intl';
import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { isSilent } from '../state/watchdog';
import { Badge } from '../ui/badge';

/** The page counts the age on by itself: when snapshots stop coming, a dead watchdog must not look alive. */
export function WatchdogAge({ watchdog }: { readonly watchdog: Snapshot['watchdog'] }) {
  const t = useTranslations('watchdog');
  const { duration, locale } = useFormats();
  const nowMs = useServerNowMs();
  const { isAway } = useFreshness();
  if (watchdog.last_tick_at === null || nowMs === null) {
    return (
      <Badge tone="breach" icon="alert">
        {t('never')}
      </Badge>
    );
  }
  // It may have ticked since: that is in the store.
  if (isAway) {
    return (
      <Badge tone="caution" icon="eye">
        {t('lastKnown', { at: formatInstant(watchdog.last_tick_at, nowMs, locale, undefined) })}
      </Badge>
    );
  }
  const ageSeconds = Math.max(0, (nowMs - Date.parse(watchdog.last_tick_at)) / 1000);
  return isSilent(watchdog, ageSeconds) ? (
    <Badge tone="breach" icon="alert">
      {t('silent', { age: duration(ageSeconds) })}
    </Badge>
  ) : (
    <Badge tone="well" icon="eye">
      {t('alive', { age: duration(ageSeconds) })}
    </Badge>
  );
}
