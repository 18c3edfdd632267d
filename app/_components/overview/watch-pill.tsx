'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { latestChange } from '../band/latest-change';
import { useFormats } from '../format/use-formats';
import { closeOnEscape } from '../lists/close-on-escape';
import { healthOf, ownProviders } from '../state/provider-health';
import { Badge } from '../ui/badge';
import { WatchFacts } from './watch-facts';
import { WatchdogAge } from './watchdog-age';

/** Each instance reports every five seconds: until then that one is behind is no news. */
const usualMs = 15_000;

/** Who watches and who serves, in one pill; what is not well is said on it, and all of it stands behind. */
export function WatchPill({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('watch');
  const tProvider = useTranslations('provider');
  const { percent, duration } = useFormats();
  const sick = ownProviders(snapshot)
    .map(([name, provider]) => ({ name, recent: provider.recent, health: healthOf(provider) }))
    .filter(({ health }) => health.tone === 'breach' || health.tone === 'caution');
  const isRecent = Date.parse(snapshot.now) - Date.parse(latestChange(snapshot)?.at ?? '') < usualMs;
  return (
    <details className="relative max-sm:open:basis-full" onKeyDown={closeOnEscape}>
      <summary className="flex min-h-6 list-none flex-wrap items-center gap-1.5 [&::-webkit-details-marker]:hidden">
        <span className="sr-only">{t('title')}</span>
        <WatchdogAge watchdog={snapshot.watchdog} />
        {!snapshot.seen_by_all && (
          <Badge tone={isRecent ? 'unknown' : 'caution'} icon="clock">
            {t(isRecent ? 'reaching' : 'someBehind')}
          </Badge>
        )}
        {sick.map(({ name, recent, health }) => (
          <Badge key={name} tone={health.tone} icon={health.icon}>
            {name}:{' '}
            {health.name === 'failsRequests'
              ? tProvider('failedLately', {
                  share: percent(recent.failures / recent.requests, 0),
                  window: duration(recent.window_seconds),
                })
              : tProvider(health.name)}
          </Badge>
        ))}
        <span aria-hidden="true" className="text-muted text-xs underline underline-offset-2">
          {t('title')}
        </span>
      </summary>
      {/* On a phone it stands in the page: floating, it would reach over the edge from wherever the pill is. */}
      <div className="absolute right-0 bottom-full z-20 mb-1 w-96 rounded-panel border bg-surface p-4 shadow-float max-sm:static max-sm:mt-2 max-sm:w-auto max-sm:shadow-none">
        <WatchFacts snapshot={snapshot} />
      </div>
    </details>
  );
}
