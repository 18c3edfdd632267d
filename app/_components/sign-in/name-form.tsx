'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';
import type { Key } from './key';

/** For operators who came by an invite. */
export function NameForm({ pending, onKey }: { readonly pending: boolean; readonly onKey: (key: Key) => void }) {
  const t = useTranslations('signIn');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <details className="rounded-panel border bg-surface px-5 py-3">
      <summary className="min-h-7 text-sm">{t('byName')}</summary>
      <form
        className="mt-2 grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onKey({ name: name.trim(), password });
        }}
      >
        <label className="grid gap-1 font-medium text-sm">
          {t('name')}
          <input
            autoComplete="username"
            autoCapitalize="off"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.target.value)}
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
        <Button type="submit" disabled={name.trim() === '' || password === '' || pending} className="min-h-10">
          {t('submitName')}
        </Button>
      </form>
    </details>
  );
}
