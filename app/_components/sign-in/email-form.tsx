'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Credential, CredentialForm } from './credential-form';
import type { Key } from './key';
import { MailedCode } from './mailed-code';

/** For operators of a Supabase project; an installation without one says so when asked. */
export function EmailForm({ pending, onKey }: { readonly pending: boolean; readonly onKey: (key: Key) => void }) {
  const t = useTranslations('signIn');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [mfaCode, setMfaCode] = useState('');
  const second = mfaCode.trim() === '' ? {} : { mfa_code: mfaCode.trim() };
  return (
    <CredentialForm
      title={t('byEmail')}
      submit={t('submitEmail')}
      disabled={email.trim() === '' || password === '' || pending}
      onSubmit={() => onKey({ email: email.trim(), password, ...second })}
      below={<MailedCode email={email.trim()} pending={pending} onKey={(key) => onKey({ ...key, ...second })} />}
    >
      <Credential label={t('email')} value={email} onText={setEmail} type="email" autoComplete="username" />
      <Credential
        label={t('password')}
        value={password}
        onText={setPassword}
        type="password"
        autoComplete="current-password"
      />
      <Credential
        label={t('mfaCode')}
        value={mfaCode}
        onText={setMfaCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        className="font-mono"
      />
    </CredentialForm>
  );
}
