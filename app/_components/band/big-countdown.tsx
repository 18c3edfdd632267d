'use client';

import { useTranslations } from 'next-intl';
import { useFreshness } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { formatClock } from '../format/duration';
import { useFormats } from '../format/use-formats';
import type { Tone } from '../state/condition';
import { classes } from '../ui/classes';
import { Instant } from '../ui/instant';
import type { Countdown } from './countdown-of';
import { useCountdown } from './use-countdown';
import { useCountdownWords } from './use-countdown-words';

const colours: Readonly<Record<Tone, string>> = {
  breach: 'text-breach',
  caution: 'text-caution',
  well: 'text-good',
  unknown: 'text-text',
};

/** What happens next by itself and when, or whom it waits for: the biggest thing on the page. The clock is the server's. */
export function BigCountdown({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('countdown');
  const words = useCountdownWords(snapshot);
  const tUi = useTranslations('ui');
  const { duration } = useFormats();
  const { isStale } = useFreshness();
  const { countdown, nowMs } = useCountdown(snapshot);
  const colour = colours[countdown.tone];
  const seconds = secondsOf(countdown, nowMs);
  const { label, word, note, isSentence = false } = words(countdown);
  const isCounting = seconds !== null && (countdown.kind === 'eligible_in' || countdown.kind === 'rolls_back');
  return (
    <div className="min-h-27">
      <p className={classes('font-medium text-sm', countdown.tone === 'unknown' ? 'text-muted' : colour)}>
        {isStale && countdown.kind !== 'away' && `${t('lastKnown')} `}
        {label}
      </p>
      <p
        key={countdown.kind}
        role={isCounting ? 'timer' : undefined}
        className={classes(
          'font-semibold tabular-nums tracking-tight motion-safe:animate-settle',
          isSentence ? 'min-h-13 py-1 text-lg leading-snug' : 'whitespace-nowrap leading-[52px]',
          seconds !== null ? 'text-[46px]' : !isSentence && 'text-3xl',
          colour,
        )}
      >
        {seconds === null
          ? word
          : isCounting
            ? formatClock(seconds)
            : countdown.kind === 'rolled_back'
              ? tUi('ago', { duration: duration(seconds) })
              : duration(seconds)}
      </p>
      <p className="mt-1 text-muted text-sm">
        {isCounting && 'at' in countdown && (
          <span className="font-medium text-text">
            {t('at')} <Instant at={countdown.at} />
            {note ? ' · ' : ''}
          </span>
        )}
        {note}
      </p>
    </div>
  );
}

function secondsOf(countdown: Countdown, nowMs: number): number | null {
  if (!('at' in countdown)) return null;
  const seconds = (Date.parse(countdown.at) - nowMs) / 1000;
  return countdown.kind === 'eligible_in' || countdown.kind === 'rolls_back'
    ? Math.max(0, seconds)
    : Math.max(0, -seconds);
}
