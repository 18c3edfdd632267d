'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiProblem, callApi, writeApi } from '../api';

/** What tells a relay which request creates and which asks. */
export interface DialectView {
  readonly name: string;
  readonly shipped: boolean;
  readonly rules: Readonly<Record<string, unknown>>;
  /** Who speaks it. */
  readonly providers: readonly string[];
}

const key = ['dialects'] as const;

export function useDialects(enabled: boolean) {
  return useQuery<{ readonly version: number; readonly dialects: readonly DialectView[] }, ApiProblem>({
    queryKey: key,
    queryFn: ({ signal }) => callApi('/api/dialects', { signal }),
    enabled,
  });
}

interface DialectChange {
  readonly name: string;
  readonly rules: Readonly<Record<string, unknown>>;
}

export function usePutDialect() {
  const client = useQueryClient();
  return useMutation<DialectView, ApiProblem, DialectChange>({
    mutationFn: ({ name, rules }) => writeApi('PUT', `/api/dialects/${encodeURIComponent(name)}`, { rules }),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}

/** What callers of a relay would see change between its arms. */
interface ShapeView {
  readonly dialect: string;
  readonly baseline: string;
  readonly asked: readonly string[];
  readonly differences: readonly string[];
  readonly troubles: readonly string[];
}

export function useShape() {
  return useMutation<ShapeView, ApiProblem, string>({
    mutationFn: (slug) => writeApi('POST', `/api/splits/${slug}/shape`, {}),
  });
}
