'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type ApiProblem, callApi, writeApi } from '../api';

const at = '/api/session/password';

/** Whether passwords of ours let anybody in here, and whether the reader has one. */
export function useOwnPassword() {
  return useQuery<{ readonly allowed: boolean; readonly yours: boolean }, ApiProblem>({
    queryKey: ['own-password'],
    queryFn: ({ signal }) => callApi(at, { signal }),
    staleTime: 60_000,
  });
}

export function useChangePassword() {
  return useMutation<
    { readonly sessions_ended: number },
    ApiProblem,
    { readonly password: string; readonly new_password: string }
  >({
    mutationFn: (wanted) => writeApi('PUT', at, wanted),
    gcTime: 0,
  });
}
