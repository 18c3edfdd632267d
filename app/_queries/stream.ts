'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Snapshot } from '@/lib/api/snapshot';
import { confirm, receive, snapshotKey } from './snapshot';
import { useSplitPlace } from './split';

const firstRetryMs = 1_000;
const lastRetryMs = 15_000;

/** Keeps the split's stream open and writes what it says into the query cache. */
export function useStream() {
  const client = useQueryClient();
  const place = useSplitPlace();
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let retryMs = firstRetryMs;

    const open = () => {
      source = new EventSource(place.api('stream'));
      source.addEventListener('snapshot', (event) => {
        retryMs = firstRetryMs;
        receive(client, place, JSON.parse(event.data) as Snapshot);
      });
      source.addEventListener('still', () => confirm(client, place));
      // The server lost its database, or we the server: asking now brings the reason, and the stripe.
      const ask = () => void client.invalidateQueries({ queryKey: snapshotKey(place) });
      source.addEventListener('trouble', ask);
      source.addEventListener('error', () => {
        ask();
        // The browser reconnects by itself after a cut, but gives up for good on an error status.
        if (source?.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(open, retryMs);
        retryMs = Math.min(retryMs * 2, lastRetryMs);
      });
    };

    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [client, place]);
}
