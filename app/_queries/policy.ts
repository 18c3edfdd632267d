'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReplayReport } from '@/lib/replay/replay-report';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { type ApiProblem, callApi, writeApi } from './api';

export interface PolicyView {
  readonly version: number;
  readonly source: 'default' | 'row';
  readonly fault: string | null;
  readonly policy: PolicyWire;
}

export function usePolicy() {
  return useQuery<PolicyView, ApiProblem>({
    queryKey: ['policy'],
    queryFn: ({ signal }) => callApi<PolicyView>('/api/policy', { signal }),
    staleTime: 10_000,
  });
}

interface PolicySave {
  readonly policy: PolicyWire;
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
  return useMutation<ReplayReport, ApiProblem, { readonly policy: PolicyWire; readonly days: number }>({
    mutationFn: ({ policy, days }) => writeApi<ReplayReport>('POST', '/api/replay', { policy, window: `${days}d` }),
  });
}
