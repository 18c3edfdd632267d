'use client';

import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { type Countdown, countdownOf } from './countdown-of';

/** By the server's clock, and by whether the store still answers. */
export function useCountdown(snapshot: Snapshot): { readonly countdown: Countdown; readonly nowMs: number } {
  const nowMs = useServerNowMs() ?? Date.parse(snapshot.now);
  const { ageMs, isAway } = useFreshness();
  return { countdown: countdownOf(snapshot, nowMs, isAway ? nowMs - (ageMs ?? 0) : null), nowMs };
}
