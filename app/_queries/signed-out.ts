'use client';

import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let isOut = false;

/** What the API last said: a stream that was opened before goes on, and does not know. */
export function tellSignedOut(now: boolean): void {
  if (now === isOut) return;
  isOut = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSignedOut = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => isOut,
    () => false,
  );
