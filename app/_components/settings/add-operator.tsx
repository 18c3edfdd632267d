'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAddOperator } from '@/app/_queries/operators';
import type { Role } from '@/lib/api/snapshot';
import { roles } from '@/lib/api/snapshot';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';
import { Field } from './field';
import { TokenOnce } from './token-once';

const validities = [0, 7, 30, 90, 365] as const;

export function AddOperator() {
  const t = useTranslations('operators');
  const tRole = useTranslations('account.role');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState<number>(90);
  const add = useAddOperator();
  const send = () =>
    add.mutate(
      { name: name.trim(), role, ...(days > 0 ? { valid_days: days } : {}) },
      { onSuccess: () => setName('') },
    );
  return (
    <form
      aria-label={t('addTitle')}
      className="mt-3 grid gap-2 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') send();
      }}
    >
      <div className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[1fr_auto_auto_auto]">
        <div className="max-sm:col-span-2">
          <Field label={t('name')}>
            <input
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={64}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className={`${inputLook} min-h-9`}
            />
          </Field>
        </div>
        <Field label={t('role')}>
          <select
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
            className={`${inputLook} min-h-9`}
          >
            {roles.map((one) => (
              <option key={one} value={one}>
                {tRole(one)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t('valid')}>
          <select
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
            className={`${inputLook} min-h-9`}
          >
            {validities.map((one) => (
              <option key={one} value={one}>
                {one === 0 ? t('noEnd') : t('days', { count: one })}
              </option>
            ))}
          </select>
        </Field>
        <Button type="submit" look="solid" disabled={name.trim() === '' || add.isPending} className="min-h-9">
          {t('add')}
        </Button>
      </div>
      {add.error && <ProblemNote problem={add.error} />}
      {add.data && <TokenOnce added={add.data} onDone={add.reset} />}
    </form>
  );
}
