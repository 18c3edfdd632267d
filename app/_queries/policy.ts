'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReplayReport } from '@/lib/replay/replay-report';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { type ApiProblem, callApi, writeApi } from './api';
import { useSplitPlace } from './split';
import { typedIsSaved } from './typed';

export interface PolicyView {
  readonly version: number;
  readonly source: 'default' | 'row';
  readonly fault: string | null;
  readonly policy: PolicyWire;
}

export function usePolicy() {
  const place = useSplitPlace();
  return useQuery<PolicyView, ApiProblem>({
    queryKey: ['policy', place.slug],
    queryFn: ({ signal }) => callApi<PolicyView>(place.api('policy'), { signal }),
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
  const place = useSplitPlace();
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, PolicySave>({
    mutationFn: ({ version, ...body }) => writeApi('PUT', place.api('policy'), body, version),
    onSuccess: typedIsSaved,
    onSettled: () => void client.invalidateQueries(),
  });
}

export function useWhatIf() {
  const place = useSplitPlace();
  return useMutation<ReplayReport, ApiProblem, { readonly policy: PolicyWire; readonly days: number }>({
    mutationFn: ({ policy, days }) =>
      writeApi<ReplayReport>('POST', place.api('replay'), { policy, window: `${days}d` }),
  });
}
