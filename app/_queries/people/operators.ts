'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Role } from '@/lib/api/roles';
import { type ApiProblem, callApi, writeApi } from '../api';

export interface OperatorView {
  readonly name: string;
  readonly role: Role;
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

interface NewOperator {
  readonly name: string;
  readonly role: Role;
  readonly valid_days?: number;
}

/** The answer to adding one, and the only time the token is seen. */
interface AddedOperator {
  readonly name: string;
  readonly role: Role;
  readonly token: string;
}

const key = ['operators'] as const;

export function useOperators(enabled: boolean) {
  return useQuery<{ readonly operators: readonly OperatorView[] }, ApiProblem>({
    queryKey: key,
    queryFn: ({ signal }) => callApi('/api/operators', { signal }),
    enabled,
  });
}

export function useAddOperator() {
  const client = useQueryClient();
  return useMutation<AddedOperator, ApiProblem, NewOperator>({
    mutationFn: (operator) => writeApi('POST', '/api/operators', operator),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
    // A token is not kept in memory longer than the page that shows it.
    gcTime: 0,
  });
}

export function useRevokeOperator() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, string>({
    mutationFn: (name) => writeApi('DELETE', `/api/operators/${encodeURIComponent(name)}`, {}),
    // It takes the invites of that name along.
    onSettled: () => {
      for (const queryKey of [key, invitesKey]) void client.invalidateQueries({ queryKey });
    },
  });
}

/** A link that can still be accepted. */
export interface InviteView {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly created_by: string;
  readonly expires_at: string;
}

interface NewInvite {
  readonly name: string;
  readonly role: Role;
  readonly hours: number;
}

const invitesKey = ['invites'] as const;

export function useInvites() {
  return useQuery<{ readonly invites: readonly InviteView[] }, ApiProblem>({
    queryKey: invitesKey,
    queryFn: ({ signal }) => callApi('/api/invites', { signal }),
  });
}

/** The answer is the only time the link is seen. */
export function useInvite() {
  const client = useQueryClient();
  return useMutation<InviteView & { readonly path: string }, ApiProblem, NewInvite>({
    mutationFn: (invite) => writeApi('POST', '/api/invites', invite),
    onSettled: () => void client.invalidateQueries({ queryKey: invitesKey }),
    gcTime: 0,
  });
}

export function useRevokeInvite() {
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, number>({
    mutationFn: (id) => writeApi('DELETE', `/api/invites/${id}`, {}),
    onSettled: () => void client.invalidateQueries({ queryKey: invitesKey }),
  });
}
