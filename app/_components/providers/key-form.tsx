'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useStoreKey } from '@/app/_queries/registry/providers';
import { Field } from '../settings/field';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';

/** A key goes in and is never shown again; the field is empty as soon as it is stored. */
export function KeyForm({ name }: { readonly name: string }) {
  const t = useTranslations('provider.form');
  const store = useStoreKey();
  const [key, setKey] = useState('');
  return (
    <form
      aria-label={t('keyOf', { name })}
      className="mt-3 grid gap-2 border-t pt-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== '') store.mutate({ name, key: key.trim() }, { onSuccess: () => setKey('') });
      }}
    >
      <div className="grid items-end gap-2 sm:grid-cols-[1fr_auto]">
        <Field label={t('newKey')}>
          <input
            type="password"
            value={key}
            autoComplete="off"
            onChange={(event) => setKey(event.target.value)}
            className={`${inputLook} min-h-9 font-mono`}
          />
        </Field>
        <Button type="submit" disabled={key.trim() === '' || store.isPending} className="min-h-9">
          {t('storeKey')}
        </Button>
      </div>
      {store.error && <ProblemNote problem={store.error} />}
      <p role="status" className="text-accent text-sm empty:hidden">
        {store.data && t('keyStored', { version: store.data.version })}
      </p>
    </form>
  );
}
