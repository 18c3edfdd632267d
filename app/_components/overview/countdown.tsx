'use client';

import { useTranslations } from 'next-intl';
import { useServerNowMs } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { formatClock } from '../format/duration';
import { useFormats } from '../format/use-formats';
import { Instant } from '../ui/instant';

interface CountdownProps {
  readonly observation: Snapshot['observation'];
  readonly paused: boolean;
}

/** Time and requests still to observe; the clock is the server's. */
export function Countdown({ observation, paused }: CountdownProps) {
  const t = useTranslations('next');
  const { count, duration } = useFormats();
  const nowMs = useServerNowMs();
  const { eligible_at, needed_seconds, served_seconds, requests, needed_requests } = observation;
  const leftSeconds = eligible_at && nowMs !== null ? (Date.parse(eligible_at) - nowMs) / 1000 : null;
  const served = leftSeconds !== null && leftSeconds <= 0;
  const left = paused && needed_seconds !== null ? needed_seconds - served_seconds : leftSeconds;
  return (
    <div className="mb-2 flex flex-wrap items-baseline gap-x-4">
      {needed_seconds !== null && left !== null && (
        <p className="flex items-baseline gap-2">
          <span role="timer" className="font-semibold text-2xl tracking-tight">
            {served ? t('served') : formatClock(left)}
          </span>
          <span className="text-muted text-xs">
            {paused ? t('clockStopped') : served ? t('servedOf', { needed: duration(needed_seconds) }) : t('left')}
            {!served && !paused && eligible_at && (
              <>
                {' '}
                <Instant at={eligible_at} />
              </>
            )}
          </span>
        </p>
      )}
      <p className="text-muted text-xs">
        {t('requests', { requests: count(requests), needed: count(needed_requests) })}
      </p>
    </div>
  );
}
