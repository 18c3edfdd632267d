'use client';

import { useSyncExternalStore } from 'react';
import { serverNowMs } from './received';
import { useReceived } from './snapshot';

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

export function useMonotonicMs(): number {
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

/** How old the data on the screen is. */
export function useDataAgeMs(): number | null {
  const { data } = useReceived();
  const monotonic = useMonotonicMs();
  return data ? Math.max(0, monotonic - data.atMonotonicMs) : null;
}
