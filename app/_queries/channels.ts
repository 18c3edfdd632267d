'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ChannelKind } from '@/lib/api/snapshot';
import { type ApiProblem, callApi, writeApi } from './api';

/** As operators may see it: of the address only its host, of the secret only that there is one. */
export interface ChannelView {
  readonly id: number;
  readonly kind: ChannelKind;
  readonly host: string;
  readonly signed: boolean;
  readonly enabled: boolean;
  readonly created_at: string;
  readonly created_by: string;
  /** Of an alert, not of a test message; null: none got through yet. */
  readonly delivered_at: string | null;
  readonly waiting: number;
  /** Of the newest that did not get through. */
  readonly last_error: string | null;
}

export interface TestOutcome {
  readonly delivered: boolean;
  readonly error: string | null;
}

interface NewChannel {
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret?: string;
}

const key = ['alert-channels'] as const;

export function useChannels(enabled: boolean) {
  return useQuery<{ readonly channels: readonly ChannelView[] }, ApiProblem>({
    queryKey: key,
    queryFn: ({ signal }) => callApi('/api/alert-channels', { signal }),
    enabled,
  });
}

export function useAddChannel() {
  const client = useQueryClient();
  return useMutation<{ readonly id: number }, ApiProblem, NewChannel>({
    mutationFn: (channel) => writeApi('POST', '/api/alert-channels', channel),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}

export function useRemoveChannel() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, number>({
    mutationFn: (id) => writeApi('DELETE', `/api/alert-channels/${id}`, {}),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}

export function useTestChannel() {
  return useMutation<TestOutcome, ApiProblem, number>({
    mutationFn: (id) => writeApi('POST', `/api/alert-channels/${id}/test`, {}),
  });
}
