'use client';

import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ApiProblem, writeApi } from './api';
import { type SplitPlace, useSplitPlace } from './split';

type VerbCall =
  /** With `arm` that one alone, of several; left out, all. */
  | { readonly verb: 'rollback'; readonly reason: string; readonly arm?: string }
  | { readonly verb: 'pause' | 'resume'; readonly reason: string; readonly version: number }
  | {
      readonly verb: 'rearm';
      readonly reason: string;
      readonly version: number;
      readonly arm?: string;
      readonly override?: boolean;
    }
  | {
      readonly verb: 'weights';
      readonly weights: Readonly<Record<string, number>>;
      readonly reason: string;
      readonly override: boolean;
      readonly version: number;
    }
  | {
      readonly verb: 'advance';
      readonly to: string;
      readonly reason: string;
      readonly override: boolean;
      readonly version: number;
    };

const rollbackDeadlineMs = 8_000;

function send(place: SplitPlace, call: VerbCall) {
  const path = place.api(`rollout/${call.verb}`);
  // Rolling back obeys no version and no gate, and an answer that is late is none.
  if (call.verb === 'rollback') {
    const { verb: _, ...body } = call;
    return writeApi<unknown>('POST', path, body, undefined, rollbackDeadlineMs);
  }
  if (call.verb === 'weights') {
    const { weights, reason, override, version } = call;
    return writeApi<unknown>('PUT', path, { weights, reason, ...(override ? { override } : {}) }, version);
  }
  if (call.verb === 'rearm') {
    const { verb: _, version, ...body } = call;
    return writeApi<unknown>('POST', path, body, version);
  }
  if (call.verb !== 'advance') return writeApi<unknown>('POST', path, { reason: call.reason }, call.version);
  const { to, reason, override, version } = call;
  return writeApi<unknown>('POST', path, { to, reason, ...(override ? { override } : {}) }, version);
}

const verbKey = ['verb'];

/** Whether this page is writing weights or the state of a rollout. */
export const useIsWriting = (): boolean => useIsMutating({ mutationKey: verbKey }) > 0;

export function useVerb() {
  const client = useQueryClient();
  const place = useSplitPlace();
  return useMutation<unknown, ApiProblem, VerbCall>({
    mutationKey: verbKey,
    mutationFn: (call) => send(place, call),
    // Not awaited: with the store away the refetch hangs, and the refusal must show at once.
    onSettled: () => void client.invalidateQueries(),
  });
}

export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, { readonly id: number; readonly reason: string }>({
    mutationFn: ({ id, reason }) => writeApi('POST', `/api/alerts/${id}/acknowledge`, { reason }),
    // Not awaited: with the store away the refetch hangs, and the refusal must show at once.
    onSettled: () => void client.invalidateQueries(),
  });
}
