'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';
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
    <details className="rounded-panel border bg-surface px-5 py-3">
      <summary className="min-h-7 text-sm">{t('byEmail')}</summary>
      <form
        className="mt-2 grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onKey({ email: email.trim(), password, ...second });
        }}
      >
        <label className="grid gap-1 font-medium text-sm">
          {t('email')}
          <input
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            className={`${inputLook} min-h-10`}
          />
        </label>
        <label className="grid gap-1 font-medium text-sm">
          {t('password')}
          <input
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            className={`${inputLook} min-h-10`}
          />
        </label>
        <label className="grid gap-1 font-medium text-sm">
          {t('mfaCode')}
          <input
            inputMode="numeric"
            autoComplete="one-time-code"
            value={mfaCode}
            onChange={(event) => setMfaCode(event.target.value)}
            className={`${inputLook} min-h-10 font-mono`}
          />
        </label>
        <Button type="submit" disabled={email.trim() === '' || password === '' || pending} className="min-h-10">
          {t('submitEmail')}
        </Button>
        <MailedCode email={email.trim()} pending={pending} onKey={(key) => onKey({ ...key, ...second })} />
      </form>
    </details>
  );
}
