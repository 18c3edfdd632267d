'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ModelView } from '@/lib/api/splits-view';
import { type ApiProblem, callApi, writeApi } from '../api';

const key = ['models'] as const;

interface ModelsView {
  readonly version: number;
  readonly models: readonly ModelView[];
}

export function useModels() {
  return useQuery<ModelsView, ApiProblem>({
    queryKey: key,
    queryFn: ({ signal }) => callApi('/api/models', { signal }),
  });
}

type WrittenModel = Pick<ModelView, 'alias' | 'provider' | 'provider_model' | 'lossy' | 'enabled'> &
  Partial<Pick<ModelView, 'price' | 'params' | 'fixed' | 'source'>> & { readonly version: number | undefined };

export function usePutModel() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, WrittenModel>({
    mutationFn: ({ alias, provider, version, ...model }) =>
      writeApi('PUT', `/api/models/${encodeURIComponent(provider)}/${encodeURIComponent(alias)}`, model, version),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}
