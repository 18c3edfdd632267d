'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiProblem, callApi, writeApi } from '../api';

export interface CallerView {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly prefixes: readonly string[];
  readonly models: readonly string[];
  readonly rate_per_minute: number | null;
  readonly keys: readonly {
    readonly id: number;
    /** Its last characters. */
    readonly hint: string | null;
    readonly created_at: string;
    readonly revoked_at: string | null;
  }[];
}

const key = ['callers'] as const;
const at = (name: string) => `/api/callers/${encodeURIComponent(name)}`;

/** For admins. */
export function useCallers(enabled: boolean) {
  return useQuery<{ readonly callers: readonly CallerView[] }, ApiProblem>({
    queryKey: key,
    queryFn: ({ signal }) => callApi('/api/callers', { signal }),
    enabled,
  });
}

/** Of what a caller may: each list is written by itself, and none named is everything. */
export const callerLists = ['models', 'prefixes'] as const;
export type CallerList = (typeof callerLists)[number];

export function useAllow(list: CallerList) {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, { readonly name: string; readonly names: readonly string[] }>({
    mutationFn: ({ name, names }) => writeApi('PUT', `${at(name)}/${list}`, { [list]: names }),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}
