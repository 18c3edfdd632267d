'use client';

import { useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState } from 'react';
import { type ApiProblem, writeApi } from '@/app/_queries/api';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';
import { safeNext } from './safe-next';

type Key = { readonly token: string } | { readonly link: string };

/** A token, or the one-time link that the first start prints. */
export function SignInForm() {
  const t = useTranslations('signIn');
  const id = useId();
  const search = useSearchParams();
  const [token, setToken] = useState('');
  const link = search.get('link');
  const redeemed = useRef(false);
  const signIn = useMutation<unknown, ApiProblem, Key>({
    mutationFn: (key) => writeApi('POST', '/api/session', key),
    // A whole load: nothing of the person before stays in memory.
    onSuccess: () => window.location.replace(safeNext(search.get('next'))),
  });
  const { mutate } = signIn;
  useEffect(() => {
    if (link === null || redeemed.current) return;
    redeemed.current = true;
    mutate({ link });
  }, [link, mutate]);
  return (
    <form
      className="grid gap-3 rounded-panel border bg-surface p-5"
      onSubmit={(event) => {
        event.preventDefault();
        mutate({ token: token.trim() });
      }}
    >
      <label htmlFor={id} className="font-medium text-sm">
        {t('token')}
      </label>
      <input
        id={id}
        type="password"
        autoComplete="current-password"
        value={token}
        onChange={(event) => setToken(event.target.value)}
        className={`${inputLook} min-h-10 font-mono`}
      />
      {signIn.error && <ProblemNote problem={signIn.error} />}
      <Button type="submit" look="solid" disabled={token.trim() === '' || signIn.isPending} className="min-h-10">
        {signIn.isPending ? t('sending') : t('submit')}
      </Button>
    </form>
  );
}
