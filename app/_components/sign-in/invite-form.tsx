'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type ApiProblem, writeApi } from '@/app/_queries/api';
import type { Role } from '@/lib/api/roles';
import { Button } from '../ui/button';
import { Instant } from '../ui/instant';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { Credential } from './credential-form';

const at = '/api/invites/accept';
const least = 12;

/** Whom the link is for, and the password that this person signs in with from now on. */
export function InviteForm({ invite }: { readonly invite: string }) {
  const t = useTranslations('signIn.invite');
  const tRole = useTranslations('account.role');
  const [password, setPassword] = useState('');
  const about = useQuery<{ name: string; role: Role; expires_at: string }, ApiProblem>({
    queryKey: ['invite', invite],
    queryFn: () => writeApi('POST', at, { invite }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const accept = useMutation<unknown, ApiProblem>({
    mutationFn: () => writeApi('POST', at, { invite, password }),
    onSuccess: () => window.location.replace('/'),
  });
  if (about.error) {
    return (
      <>
        <ProblemNote problem={about.error} />
        <a href="#token" className="text-link text-sm underline underline-offset-2">
          {t('otherwise')}
        </a>
      </>
    );
  }
  if (!about.data) return <Skeleton className="h-60" />;
  const { name, role, expires_at } = about.data;
  const isShort = password.length < least;
  return (
    <form
      className="grid gap-3 rounded-panel border bg-surface p-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isShort) accept.mutate();
      }}
    >
      <h2 className="font-semibold">{t('title')}</h2>
      <p className="text-sm">
        {t.rich('for', { name, role: tRole(role), b: (text) => <b className="break-all">{text}</b> })}
      </p>
      {/* For what keeps passwords: which name this one belongs to. */}
      <input type="text" value={name} autoComplete="username" readOnly hidden />
      <Credential
        label={t('password')}
        value={password}
        onText={setPassword}
        type="password"
        autoComplete="new-password"
        minLength={least}
        maxLength={200}
        aria-describedby="password-rule"
      />
      <p id="password-rule" className="text-muted text-xs">
        {t('rule', { least })} {t('until')} <Instant at={expires_at} />
      </p>
      <Button type="submit" look="solid" disabled={isShort || accept.isPending} className="min-h-10">
        {t('submit')}
      </Button>
      {accept.error && <ProblemNote problem={accept.error} />}
    </form>
  );
}
