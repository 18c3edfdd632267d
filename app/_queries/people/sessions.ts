'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Role } from '@/lib/api/roles';
import { type ApiProblem, callApi, writeApi } from '../api';

export interface SessionView {
  readonly id: number;
  readonly operator: string;
  readonly role: Role;
  readonly way: 'token' | 'admin' | 'link' | 'directory' | 'password';
  readonly opened_at: string;
  readonly last_seen_at: string;
  readonly expires_at: string;
}

const key = ['sessions'] as const;

export function useSessions() {
  return useQuery<{ readonly sessions: readonly SessionView[] }, ApiProblem>({
    queryKey: key,
    queryFn: ({ signal }) => callApi('/api/sessions', { signal }),
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, number>({
    mutationFn: (id) => writeApi('DELETE', `/api/sessions/${id}`, {}),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}
