'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiProblem } from './api';
import { type Received, serverNowMs, silentMs, staleAfterMs } from './received';
import { snapshotKey, useReceived } from './snapshot';
import { useSplitPlace } from './split';
import { useIsList, useSplitsHeard } from './splits';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let monotonicMs = 0;

/** One timer for every clock on the page, so that they all change in the same frame. */
function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    monotonicMs = performance.now();
    for (const each of listeners) each();
  }, 500);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function useMonotonicMs(): number {
  return useSyncExternalStore(
    subscribe,
    () => monotonicMs,
    () => 0,
  );
}

/** The database's now as far as this page can know it; null before the first snapshot. */
export function useServerNowMs(): number | null {
  const { data } = useReceived();
  const monotonic = useMonotonicMs();
  return data ? serverNowMs(data, monotonic) : null;
}

const minuteMs = 60_000;

/** The same to the minute, for what only asks which day it is: a page may hold hundreds of those. */
export function useServerMinuteMs(): number | null {
  const client = useQueryClient();
  const place = useSplitPlace();
  const read = () => {
    const known = client.getQueryData<Received>(snapshotKey(place));
    return known ? Math.floor(serverNowMs(known, monotonicMs) / minuteMs) * minuteMs : null;
  };
  return useSyncExternalStore(subscribe, read, () => null);
}

interface Freshness {
  /** Since the server last said that the data is so; null before the first. */
  readonly ageMs: number | null;
  /** The last update failed or is late: what is on the screen may no longer be so. */
  readonly isStale: boolean;
  readonly error: Error | null;
  /** The server answers, and its database does not: nothing can be written by any door. */
  readonly isAway: boolean;
}

/** Of what the page is about: on the list of splits nothing that is shown comes from one split's snapshot. */
export function useFreshness(): Freshness {
  const one = useReceived();
  const monotonic = useMonotonicMs();
  const isList = useIsList();
  const list = useSplitsHeard();
  if (isList && list.data !== undefined) return freshness(Math.max(0, monotonic - list.data), list.error);
  return freshness(one.data ? silentMs(one.data, monotonic) : null, one.error ?? (isList ? list.error : null));
}

function freshness(ageMs: number | null, error: Error | null): Freshness {
  const isAway = error instanceof ApiProblem && error.code === 'store-unavailable';
  return { ageMs, isStale: error !== null || (ageMs !== null && ageMs > staleAfterMs), error, isAway };
}
