'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useChangePassword, useOwnPassword } from '@/app/_queries/people/password';
import { Credential } from '../sign-in/credential-form';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';

const least = 12;
const empty = { password: '', new_password: '' };

/** For who signs in by a password of ours. */
export function PasswordPanel({ name }: { readonly name: string }) {
  const t = useTranslations('password');
  const { data } = useOwnPassword();
  const change = useChangePassword();
  const [typed, setTyped] = useState(empty);
  if (!data?.yours) return null;
  const isReady = typed.password !== '' && typed.new_password.length >= least && !change.isPending;
  return (
    <Panel title={t('title')} aside={<span className="text-muted text-xs">{t('hint')}</span>}>
      <form
        className="grid gap-3 sm:grid-cols-[1fr_1fr_auto] sm:items-end"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) change.mutate(typed, { onSuccess: () => setTyped(empty) });
        }}
      >
        {/* For what keeps passwords: whose these are. */}
        <input type="text" value={name.replace(/^operator:/, '')} autoComplete="username" readOnly hidden />
        <Credential
          label={t('present')}
          value={typed.password}
          onText={(password) => setTyped({ ...typed, password })}
          type="password"
          autoComplete="current-password"
          maxLength={200}
        />
        <Credential
          label={t('next')}
          value={typed.new_password}
          onText={(text) => setTyped({ ...typed, new_password: text })}
          type="password"
          autoComplete="new-password"
          minLength={least}
          maxLength={200}
          aria-describedby="own-password-rule"
        />
        <Button type="submit" look="solid" disabled={!isReady} className="min-h-10">
          {t('change')}
        </Button>
      </form>
      <p id="own-password-rule" className="mt-1 text-muted text-xs">
        {t('rule', { least })}
      </p>
      {change.error && <ProblemNote problem={change.error} />}
      <p role="status" className="text-good text-sm empty:hidden">
        {change.data && typed.password === '' ? t('changed', { n: change.data.sessions_ended }) : ''}
      </p>
    </Panel>
  );
}
