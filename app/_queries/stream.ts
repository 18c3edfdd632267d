'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Snapshot } from '@/lib/api/snapshot';
import type { SplitsView } from '@/lib/api/splits-view';
import { confirm, receive, snapshotKey } from './snapshot';
import { useSplitPlace } from './split';
import { confirmSplits, receiveSplits, splitsKey } from './splits';

const firstRetryMs = 1_000;
const lastRetryMs = 15_000;

interface Follower {
  readonly event: string;
  hear(data: unknown): void;
  /** The server has looked again, and nothing is new. */
  still(): void;
  /** The server lost its database, or we the server: asking now brings the reason, and the stripe. */
  ask(): void;
}

/** Keeps a stream open until it is told to end. */
function follow(path: string, { event, hear, still, ask }: Follower): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;

  const open = () => {
    source = new EventSource(path);
    source.addEventListener(event, ({ data }) => {
      retryMs = firstRetryMs;
      hear(JSON.parse(data));
    });
    source.addEventListener('still', still);
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
}

/** Writes what the split's stream says into the query cache, while the page is about one split. */
export function useStream(isOpen: boolean) {
  const client = useQueryClient();
  const place = useSplitPlace();
  useEffect(() => {
    if (!isOpen) return;
    return follow(place.api('stream'), {
      event: 'snapshot',
      hear: (data) => receive(client, place, data as Snapshot),
      still: () => confirm(client, place),
      ask: () => void client.invalidateQueries({ queryKey: snapshotKey(place) }),
    });
  }, [client, place, isOpen]);
}

/** The same of all splits, while the page is about them. */
export function useSplitsStream(isOpen: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!isOpen) return;
    return follow('/api/splits/stream', {
      event: 'splits',
      hear: (data) => receiveSplits(client, data as SplitsView),
      still: () => confirmSplits(client),
      ask: () => void client.invalidateQueries({ queryKey: splitsKey }),
    });
  }, [client, isOpen]);
}
