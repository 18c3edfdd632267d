'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAddOperator, useInvite } from '@/app/_queries/people/operators';
import { useOwnPassword } from '@/app/_queries/people/password';
import { type Role, roles } from '@/lib/api/roles';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem-note';
import { inputLook } from '../../ui/reason-field';
import { Choice } from '../choice';
import { Field } from '../field';
import { Once } from './once';

/** A link lets this person choose a password; a token is for programs, and is handed over by the admin. */
type Way = 'invite' | 'token';
const ways: readonly Way[] = ['invite', 'token'];
const validities: Readonly<Record<Way, readonly number[]>> = { token: [0, 7, 30, 90, 365], invite: [1, 2, 7] };
const usual: Readonly<Record<Way, number>> = { token: 90, invite: 2 };

export function AddOperator() {
  const t = useTranslations('operators');
  const tRole = useTranslations('account.role');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const { data: own } = useOwnPassword();
  // Where a second factor is asked for, no password that a link lets choose opens the door.
  const open: readonly Way[] = own?.allowed === false ? ['token'] : ways;
  const [chosen, setWay] = useState<Way>('invite');
  const way = open.includes(chosen) ? chosen : 'token';
  const [wanted, setDays] = useState(usual.invite);
  const days = validities[way].includes(wanted) ? wanted : usual[way];
  const add = useAddOperator();
  const invite = useInvite();
  const isPending = add.isPending || invite.isPending;
  const problem = way === 'invite' ? invite.error : add.error;
  const choose = (next: Way) => {
    setWay(next);
    setDays(usual[next]);
  };
  const send = () => {
    const done = { onSuccess: () => setName('') };
    const who = { name: name.trim(), role };
    if (way === 'invite') invite.mutate({ ...who, hours: days * 24 }, done);
    else add.mutate({ ...who, ...(days > 0 ? { valid_days: days } : {}) }, done);
  };
  return (
    <form
      aria-label={t('addTitle')}
      className="mt-3 grid gap-2 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') send();
      }}
    >
      <div className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[1fr_auto_auto_auto_auto]">
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
          <Choice value={role} options={roles} word={tRole} onChange={setRole} />
        </Field>
        <Field label={t('way')}>
          <Choice value={way} options={open} word={(one) => t(`ways.${one}`)} onChange={choose} />
        </Field>
        <Field label={t('valid')}>
          <Choice
            value={days}
            options={validities[way]}
            word={(one) => (one === 0 ? t('noEnd') : t('days', { count: one }))}
            onChange={setDays}
          />
        </Field>
        <Button type="submit" look="solid" disabled={name.trim() === '' || isPending} className="min-h-9">
          {t(way === 'invite' ? 'invite' : 'add')}
        </Button>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {invite.data && (
        <Once
          title={t('link', { name: invite.data.name })}
          text={`${window.location.origin}${invite.data.path}`}
          copy={t('copyLink')}
          onDone={invite.reset}
        />
      )}
      {add.data && (
        <Once
          title={t('token', { name: add.data.name })}
          text={add.data.token}
          copy={t('copyToken')}
          onDone={add.reset}
        />
      )}
    </form>
  );
}
