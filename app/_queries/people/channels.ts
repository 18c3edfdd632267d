'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ChannelKind } from '@/lib/api/alerts';
import { type ApiProblem, callApi, writeApi } from '../api';

/** As operators may see it: of the address only its host, of the secret only that there is one. */
export interface ChannelView {
  readonly id: number;
  /** What people call it. */
  readonly name: string | null;
  /** What is told there; null: all. */
  readonly alerts: readonly string[] | null;
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

/** A message to a channel, and what became of it. */
interface DeliveryView {
  readonly id: number;
  readonly channel: number;
  readonly kind: string;
  readonly at: string;
  readonly attempts: number;
  readonly delivered_at: string | null;
  readonly given_up_at: string | null;
  readonly error: string | null;
}

interface ChannelChange {
  readonly name: string | null;
  readonly alerts: readonly string[] | null;
}

interface NewChannel extends ChannelChange {
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

export function useDeliveries() {
  return useQuery<{ readonly deliveries: readonly DeliveryView[] }, ApiProblem>({
    queryKey: [...key, 'deliveries'],
    queryFn: ({ signal }) => callApi('/api/alert-deliveries', { signal }),
    refetchInterval: 30_000,
  });
}

export function useChangeChannel() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, ChannelChange & { readonly id: number }>({
    mutationFn: ({ id, ...change }) => writeApi('PUT', `/api/alert-channels/${id}`, change),
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
