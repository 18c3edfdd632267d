'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReplayReport } from '@/lib/replay/replay-report';
import type { Metric } from '@/lib/split/policy/policy';
import { type ApiProblem, callApi, writeApi } from './api';

/** A policy as GEN_ROLLOUT_POLICY holds it: durations as "5m", one of `limit` and `timesBaseline`. */
export interface WrittenPolicy {
  readonly baseline: string;
  readonly candidate: string;
  readonly stages: readonly WrittenStage[];
  readonly rollback: Readonly<Record<string, number>>;
  readonly redLines: readonly WrittenRedLine[];
  readonly evidence: 'confirmed' | 'observed';
  readonly minRequests: number;
  readonly baselineCostUsd: number | null;
  readonly autoAdvance: boolean;
}

export interface WrittenStage {
  readonly name: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly observe: string | null;
}

export interface WrittenRedLine {
  readonly metric: Metric;
  readonly limit?: number;
  readonly timesBaseline?: number;
  readonly window: string;
  readonly hold: string;
}

export interface PolicyView {
  readonly version: number;
  readonly source: 'default' | 'row';
  readonly fault: string | null;
  readonly policy: WrittenPolicy;
}

export function usePolicy() {
  return useQuery<PolicyView, ApiProblem>({
    queryKey: ['policy'],
    queryFn: ({ signal }) => callApi<PolicyView>('/api/policy', { signal }),
    staleTime: 10_000,
  });
}

export interface PolicySave {
  readonly policy: WrittenPolicy;
  readonly reason: string;
  readonly confirm: boolean;
  readonly version: number;
}

export function useSavePolicy() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, PolicySave>({
    mutationFn: ({ version, ...body }) => writeApi('PUT', '/api/policy', body, version),
    onSettled: () => void client.invalidateQueries(),
  });
}

export function useWhatIf() {
  return useMutation<ReplayReport, ApiProblem, { readonly policy: WrittenPolicy; readonly days: number }>({
    mutationFn: ({ policy, days }) => writeApi<ReplayReport>('POST', '/api/replay', { policy, window: `${days}d` }),
  });
}
