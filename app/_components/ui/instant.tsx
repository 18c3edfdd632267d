'use client';

import { useLocale } from 'next-intl';
import { useServerMinuteMs } from '@/app/_queries/server-now';
import { formatInstant, isoSeconds } from '../format/instant';

/** Local time, with UTC beside it or, where room is short, behind it. */
export function Instant({ at, utc = 'behind' }: { readonly at: string; readonly utc?: 'beside' | 'behind' }) {
  const locale = useLocale();
  const nowMs = useServerMinuteMs();
  const local = formatInstant(at, nowMs, locale, undefined);
  const world = formatInstant(at, nowMs, locale, 'UTC');
  return (
    <time dateTime={at} title={isoSeconds(at)} className="whitespace-nowrap">
      {local}
      {/* Said once where the reader's clock is UTC. */}
      {utc === 'beside' && (
        <span className="ml-1.5 text-muted text-xs">{local === world ? 'UTC' : `${world} UTC`}</span>
      )}
    </time>
  );
}
