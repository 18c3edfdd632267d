'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type DialectView, usePutDialect } from '@/app/_queries/registry/dialects';
import { Field } from '../../settings/field';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem-note';
import { inputLook } from '../../ui/reason-field';

/** The rules as they are written; what is wrong with them, the store says. */
export function DialectForm({ dialect }: { readonly dialect: DialectView | null }) {
  const t = useTranslations('dialects');
  const put = usePutDialect();
  const [name, setName] = useState(dialect?.name ?? '');
  const [text, setText] = useState(JSON.stringify(dialect?.rules ?? { creates: [], polls: [] }, null, 1));
  const [bad, setBad] = useState(false);
  const send = () => {
    const rules = objectIn(text);
    setBad(rules === null);
    if (rules !== null) put.mutate({ name: name.trim(), rules });
  };
  return (
    <form
      aria-label={dialect === null ? t('addTitle') : t('rulesOf', { name: dialect.name })}
      className="mt-2 grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {dialect === null && (
        <Field label={t('name')}>
          <input value={name} onChange={(event) => setName(event.target.value)} className={`${inputLook} min-h-9`} />
        </Field>
      )}
      <Field label={t('rules')}>
        <textarea
          rows={12}
          spellCheck={false}
          aria-invalid={bad || put.error !== null || undefined}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={`${inputLook} font-mono text-xs`}
        />
      </Field>
      {bad && (
        <p role="alert" className="text-caution">
          {t('noObject')}
        </p>
      )}
      {put.error && <ProblemNote problem={put.error} />}
      <span className="flex items-center gap-3">
        <Button type="submit" disabled={name.trim() === '' || put.isPending}>
          {t('save')}
        </Button>
        <span role="status" className="text-good empty:hidden">
          {put.isSuccess && t('saved')}
        </span>
      </span>
    </form>
  );
}

/** null: it is no JSON object. */
function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
