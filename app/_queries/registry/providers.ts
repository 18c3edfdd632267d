'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProviderEntryView, ProviderTestView, TestAsked } from '@/lib/api/splits-view';
import { type ApiProblem, callApi, writeApi } from '../api';

const key = ['providers'] as const;

interface ProvidersView {
  /** Of the registry. */
  readonly version: number;
  readonly providers: readonly ProviderEntryView[];
}

export function useProviders() {
  return useQuery<ProvidersView, ApiProblem>({
    queryKey: key,
    queryFn: ({ signal }) => callApi('/api/providers', { signal }),
  });
}

interface ProviderKeysView {
  readonly provider: string;
  readonly source:
    | { readonly kind: 'stored'; readonly version: number }
    | { readonly kind: 'environment' | 'none'; readonly variable: string };
  readonly keys: readonly { readonly version: number; readonly hint: string; readonly created_at: string }[];
}

/** For admins; of a key only its last characters. */
export function useProviderKeys(name: string, enabled: boolean) {
  return useQuery<ProviderKeysView, ApiProblem>({
    queryKey: [...key, name, 'keys'],
    queryFn: ({ signal }) => callApi(`${at(name)}/keys`, { signal }),
    enabled,
  });
}

const at = (name: string): string => `/api/providers/${encodeURIComponent(name)}`;

type ProviderChange = Partial<
  Pick<ProviderEntryView, 'adapter' | 'label' | 'base_url' | 'options' | 'state' | 'deprecated'>
> & {
  readonly name: string;
  readonly version: number;
  readonly reason?: string;
};

export function usePutProvider() {
  const client = useQueryClient();
  return useMutation<{ readonly registry_version: number }, ApiProblem, ProviderChange>({
    mutationFn: ({ name, version, ...change }) => writeApi('PUT', at(name), change, version),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}

export function useStoreKey() {
  const client = useQueryClient();
  return useMutation<{ readonly version: number; readonly hint: string }, ApiProblem, { name: string; key: string }>({
    mutationFn: ({ name, key: secret }) => writeApi('POST', `${at(name)}/keys`, { key: secret }),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}

/** null: nothing is asked. */
export function useTestProviderPlan(name: string | null) {
  return useQuery<{ readonly asked: TestAsked; readonly cost_usd: number | null }, ApiProblem>({
    queryKey: [...key, name, 'test'],
    queryFn: () => writeApi('POST', `${at(name ?? '')}/test`, { dry_run: true }),
    enabled: name !== null,
    staleTime: 0,
  });
}

export function useTestProvider() {
  return useMutation<ProviderTestView, ApiProblem, string>({
    mutationFn: (name) => writeApi('POST', `${at(name)}/test`, {}),
  });
}
