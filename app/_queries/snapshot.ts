'use client';

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Snapshot } from '@/lib/rollout/snapshot';
import { callApi } from './api';
import { newerOf, type Received } from './received';

export const snapshotKey = ['rollout'] as const;
const pollEveryMs = 5_000;

export function receive(client: QueryClient, snapshot: Snapshot): Received {
  const arrived = { snapshot, atMonotonicMs: performance.now() };
  const newest = newerOf(client.getQueryData<Received>(snapshotKey), arrived);
  client.setQueryData(snapshotKey, newest);
  return newest;
}

/** The newest snapshot. The stream feeds it; while the stream is quiet it polls. */
export function useReceived() {
  const client = useQueryClient();
  return useQuery({
    queryKey: snapshotKey,
    queryFn: async ({ signal }) => {
      const snapshot = await callApi<Snapshot>('/api/rollout', { signal });
      return newerOf(client.getQueryData<Received>(snapshotKey), { snapshot, atMonotonicMs: performance.now() });
    },
    // setQueryData restarts the interval, so a lively stream means no polls at all.
    refetchInterval: pollEveryMs * 2,
    refetchOnWindowFocus: 'always',
    structuralSharing: false,
  });
}

export function useSnapshot(): Snapshot | undefined {
  return useReceived().data?.snapshot;
}
