'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type CallerList, callerLists, useAddCaller } from '@/app/_queries/registry/callers';
import { Field } from '../settings/field';
import { Once } from '../settings/operators/once';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';
import { KeyValidity, validDays } from './key-validity';
import { namesIn } from './names-in';
import { ScopeChoice } from './scope-choice';

const empty = { name: '', rate: '', scopes: ['generate'] as readonly string[], models: '', prefixes: '' };

/** A caller with its first key, which is shown this once. */
export function AddCaller() {
  const t = useTranslations('callers');
  const add = useAddCaller();
  const [fields, setFields] = useState(empty);
  const [days, setDays] = useState(0);
  const set = (changed: Partial<typeof empty>) => setFields({ ...fields, ...changed });
  const name = fields.name.trim();
  const send = () =>
    add.mutate(
      {
        ...{ name, scopes: fields.scopes, models: namesIn(fields.models), prefixes: namesIn(fields.prefixes) },
        ...(fields.rate === '' ? {} : { rate_per_minute: Number(fields.rate) }),
        ...validDays(days),
      },
      { onSuccess: () => setFields(empty) },
    );
  return (
    <form
      aria-label={t('addTitle')}
      className="grid gap-2 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '') send();
      }}
    >
      <div className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[1fr_10rem_10rem_auto]">
        <div className="max-sm:col-span-2">
          <Field label={t('name')}>
            <input
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={32}
              value={fields.name}
              onChange={(event) => set({ name: event.target.value })}
              className={`${inputLook} min-h-9`}
            />
          </Field>
        </div>
        <Field label={t('rateField')}>
          <input
            type="number"
            min={1}
            value={fields.rate}
            onChange={(event) => set({ rate: event.target.value })}
            className={`${inputLook} min-h-9`}
          />
        </Field>
        <KeyValidity days={days} onChange={setDays} />
        <Button type="submit" look="solid" disabled={name === '' || add.isPending} className="min-h-9">
          {t('add')}
        </Button>
      </div>
      <ScopeChoice chosen={fields.scopes} onChange={(chosen) => set({ scopes: chosen })} />
      <div className="grid gap-2 md:grid-cols-2">
        {callerLists.map((list) => (
          <NamesField key={list} list={list} text={fields[list]} onChange={(text) => set({ [list]: text })} />
        ))}
      </div>
      {add.error && <ProblemNote problem={add.error} />}
      {add.data && (
        <Once title={t('key', { name: add.data.name })} text={add.data.key} copy={t('copyKey')} onDone={add.reset} />
      )}
    </form>
  );
}

interface NamesFieldProps {
  readonly list: CallerList;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function NamesField({ list, text, onChange }: NamesFieldProps) {
  const t = useTranslations('callers');
  return (
    <Field label={t(list)}>
      <textarea
        rows={2}
        spellCheck={false}
        placeholder={t(`${list}All`)}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        className={`${inputLook} font-mono text-xs`}
      />
    </Field>
  );
}
