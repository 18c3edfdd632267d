'use client';

import { useLocale } from 'next-intl';
import { useServerNowMs } from '@/app/_queries/server-now';
import { formatInstant, isoSeconds } from '../format/instant';

/** Local time, with UTC beside it or, where room is short, behind it. */
export function Instant({ at, utc = 'behind' }: { readonly at: string; readonly utc?: 'beside' | 'behind' }) {
  const locale = useLocale();
  const nowMs = useServerNowMs();
  return (
    <time dateTime={at} title={isoSeconds(at)} className="whitespace-nowrap">
      {formatInstant(at, nowMs, locale, undefined)}
      {utc === 'beside' && (
        <span className="ml-1.5 text-muted text-xs">{formatInstant(at, nowMs, locale, 'UTC')} UTC</span>
      )}
    </time>
  );
}
