'use client';

import { useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState, useSyncExternalStore } from 'react';
import { type ApiProblem, writeApi } from '@/app/_queries/api';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';
import { asTyped } from './as-typed';
import { EmailForm } from './email-form';
import { InviteForm } from './invite-form';
import { inviteIn, type Key, keyInLink } from './key';
import { NameForm } from './name-form';
import { safeNext } from './safe-next';

function onHash(tell: () => void): () => void {
  window.addEventListener('hashchange', tell);
  return () => window.removeEventListener('hashchange', tell);
}

interface SignInFormProps {
  /** What can let anybody in here. */
  readonly ways: { readonly name: boolean; readonly email: boolean };
}

/** A token, a name or an address with its password, or a link that carries its own key. */
export function SignInForm({ ways }: SignInFormProps) {
  const t = useTranslations('signIn');
  const id = useId();
  const search = useSearchParams();
  const [token, setToken] = useState('');
  const redeemed = useRef(false);
  const signIn = useMutation<unknown, ApiProblem, Key>({
    mutationFn: (key) => writeApi('POST', '/api/session', key),
    // A whole load: nothing of the person before stays in memory.
    onSuccess: () => window.location.replace(safeNext(search.get('next'), window.location.origin)),
  });
  const { mutate } = signIn;
  useEffect(() => {
    const key = keyInLink(search);
    // Such a link works once; asking twice would be refused.
    if (key === null || redeemed.current) return;
    redeemed.current = true;
    mutate(key);
  }, [search, mutate]);
  const invite = useSyncExternalStore(
    onHash,
    () => inviteIn(window.location.hash),
    () => null,
  );
  if (invite !== null) return <InviteForm invite={invite} />;
  return (
    <>
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
          ref={asTyped(token, setToken)}
          onChange={(event) => setToken(event.target.value)}
          className={`${inputLook} min-h-10 font-mono`}
        />
        <Button type="submit" look="solid" disabled={token.trim() === '' || signIn.isPending} className="min-h-10">
          {signIn.isPending ? t('sending') : t('submit')}
        </Button>
      </form>
      {signIn.error && <ProblemNote problem={signIn.error} />}
      {ways.name && <NameForm pending={signIn.isPending} onKey={mutate} />}
      {ways.email && <EmailForm pending={signIn.isPending} onKey={mutate} />}
    </>
  );
}
