'use client';

import { useQuery } from '@tanstack/react-query';
import type { ProviderEntryView } from '@/lib/api/splits-view';
import { type ApiProblem, callApi } from './api';

interface ProvidersView {
  readonly version: number;
  readonly providers: readonly ProviderEntryView[];
}

export function useProviders() {
  return useQuery<ProvidersView, ApiProblem>({
    queryKey: ['providers'],
    queryFn: ({ signal }) => callApi('/api/providers', { signal }),
  });
}
