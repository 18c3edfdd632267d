'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Credential, CredentialForm } from './credential-form';
import type { Key } from './key';

/** For operators who came by an invite. */
export function NameForm({ pending, onKey }: { readonly pending: boolean; readonly onKey: (key: Key) => void }) {
  const t = useTranslations('signIn');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <CredentialForm
      title={t('byName')}
      submit={t('submitName')}
      disabled={name.trim() === '' || password === '' || pending}
      onSubmit={() => onKey({ name: name.trim(), password })}
    >
      <Credential
        label={t('name')}
        value={name}
        onText={setName}
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
      />
      <Credential
        label={t('password')}
        value={password}
        onText={setPassword}
        type="password"
        autoComplete="current-password"
      />
    </CredentialForm>
  );
}
