'use client';

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Snapshot } from '@/lib/api/snapshot';
import { callApi } from './api';
import { newerOf, type Received } from './received';
import { type SplitPlace, useSplitPlace } from './split';

export const snapshotKey = ({ slug }: SplitPlace) => ['rollout', slug] as const;
/** A stream that is silent for so long is helped out by asking, which ends before the data is called stale. */
const pollAfterMs = 2_000;
const pollWithinMs = 5_000;

export function receive(client: QueryClient, place: SplitPlace, snapshot: Snapshot): Received {
  const arrived = { snapshot, atMonotonicMs: performance.now() };
  const newest = newerOf(client.getQueryData<Received>(snapshotKey(place)), arrived);
  client.setQueryData(snapshotKey(place), newest);
  return newest;
}

/** The server has looked again, and what is on the screen is still so. */
export function confirm(client: QueryClient, place: SplitPlace): void {
  const known = client.getQueryData<Received>(snapshotKey(place));
  if (known) client.setQueryData(snapshotKey(place), { ...known, confirmedMs: performance.now() });
}

/** The newest snapshot. The stream feeds it; while the stream is quiet it polls. */
function useRollout<T>(select: (received: Received) => T) {
  const client = useQueryClient();
  const place = useSplitPlace();
  return useQuery({
    queryKey: snapshotKey(place),
    queryFn: async ({ signal }) => {
      const snapshot = await callApi<Snapshot>(place.api('rollout'), { signal }, pollWithinMs);
      return newerOf(client.getQueryData<Received>(snapshotKey(place)), { snapshot, atMonotonicMs: performance.now() });
    },
    // setQueryData restarts the interval, so a lively stream means no polls at all.
    refetchInterval: pollAfterMs,
    refetchOnWindowFocus: 'always',
    // The first failure is told: a second try would come after the data went stale.
    retry: false,
    structuralSharing: false,
    select,
  });
}

export function useReceived() {
  return useRollout(whole);
}

export function useSnapshot(): Snapshot | undefined {
  return useRollout(snapshotOf).data;
}

/** Who is signed in here, as the journal writes it; undefined while that is not known. */
export function useMyName(): string | undefined {
  return useRollout(nameOf).data;
}

const whole = (received: Received) => received;
const snapshotOf = ({ snapshot }: Received) => snapshot;
const nameOf = ({ snapshot }: Received) => snapshot.me.name;
