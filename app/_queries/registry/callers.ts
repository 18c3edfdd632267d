'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiProblem, callApi, writeApi } from '../api';

export interface CallerView {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly prefixes: readonly string[];
  readonly models: readonly string[];
  readonly rate_per_minute: number | null;
  readonly quota: { readonly jobs?: JobCaps };
  readonly today: {
    readonly begun: number;
    readonly spent_usd: number;
    readonly held_usd: number;
    readonly in_flight: number;
  };
  readonly keys: readonly CallerKeyView[];
}

export interface CallerKeyView {
  readonly id: number;
  /** Its last characters. */
  readonly hint: string | null;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

/** Of the jobs of a day (UTC); what is left out is not limited. */
export const jobCaps = ['spend_per_day_usd', 'creates_per_day', 'in_flight'] as const;
export type JobCaps = Partial<Readonly<Record<(typeof jobCaps)[number], number>>>;

interface NewCaller {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly models: readonly string[];
  readonly prefixes: readonly string[];
  readonly rate_per_minute?: number;
  readonly valid_days?: number;
}

/** The only time the key is seen. */
interface IssuedKey {
  readonly name: string;
  readonly id: number;
  readonly key: string;
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

/** A write of a caller; the list is read again whatever came of it. */
function useCallerWrite<T, Wanted>(write: (wanted: Wanted) => Promise<T>) {
  const client = useQueryClient();
  return useMutation<T, ApiProblem, Wanted>({
    mutationFn: write,
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
    // A key is not kept in memory longer than the page that shows it.
    gcTime: 0,
  });
}

export const useAddCaller = () =>
  useCallerWrite((caller: NewCaller) => writeApi<IssuedKey>('POST', '/api/callers', caller));

interface WantedKey {
  readonly name: string;
  readonly valid_days?: number;
}

export const useAnotherKey = () =>
  useCallerWrite(({ name, ...valid }: WantedKey) => writeApi<IssuedKey>('POST', `${at(name)}/keys`, valid));

/** One of its keys, or all. */
export const useRevokeKeys = () =>
  useCallerWrite(({ name, id }: { readonly name: string; readonly id?: number }) =>
    writeApi<unknown>('DELETE', id === undefined ? at(name) : `${at(name)}?key=${id}`, {}),
  );

export const useLimitCaller = () =>
  useCallerWrite(({ name, jobs }: { readonly name: string; readonly jobs: JobCaps }) =>
    writeApi<unknown>('PUT', `${at(name)}/quota`, { quota: { jobs } }),
  );

interface ChangedCaller {
  readonly name: string;
  readonly scopes?: readonly string[];
  readonly rate_per_minute?: number | null;
  readonly prefixes?: readonly string[];
  readonly models?: readonly string[];
  readonly quota?: CallerView['quota'];
}

export const useChangeCaller = () =>
  useCallerWrite(({ name, ...change }: ChangedCaller) => writeApi<unknown>('PUT', at(name), change));

export const useAllow = (list: CallerList) =>
  useCallerWrite(({ name, names }: { readonly name: string; readonly names: readonly string[] }) =>
    writeApi<unknown>('PUT', `${at(name)}/${list}`, { [list]: names }),
  );
