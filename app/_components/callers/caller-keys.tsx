'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type CallerKeyView, type CallerView, useAnotherKey, useRevokeKeys } from '@/app/_queries/registry/callers';
import { useServerNowMs } from '@/app/_queries/server-now';
import { ConfirmButton } from '../settings/confirm-button';
import { Once } from '../settings/operators/once';
import { Button } from '../ui/button';
import { Instant } from '../ui/instant';
import { ProblemNote } from '../ui/problem-note';
import { KeyValidity, validDays } from './key-validity';

/** The keys of a caller that are not revoked, and another one, which is shown this once. */
export function CallerKeys({ caller: { name, keys } }: { readonly caller: CallerView }) {
  const t = useTranslations('callers');
  const another = useAnotherKey();
  const [days, setDays] = useState(0);
  const held = keys.filter(({ revoked_at }) => revoked_at === null);
  return (
    <div className="grid gap-2">
      {held.length === 0 && <p className="text-muted text-xs">{t('noKey')}</p>}
      <ul aria-label={t('keysOf', { name })} className="empty:hidden">
        {held.map((one) => (
          <KeyRow key={one.id} name={name} held={one} />
        ))}
      </ul>
      <form
        aria-label={t('anotherOf', { name })}
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          another.mutate({ name, ...validDays(days) });
        }}
      >
        <KeyValidity days={days} onChange={setDays} />
        <Button type="submit" disabled={another.isPending} className="min-h-9">
          {t('another')}
        </Button>
        {held.length > 1 && <Revoke name={name} />}
      </form>
      {another.error && <ProblemNote problem={another.error} />}
      {another.data && (
        <Once title={t('key', { name })} text={another.data.key} copy={t('copyKey')} onDone={another.reset} />
      )}
    </div>
  );
}

function KeyRow({ name, held }: { readonly name: string; readonly held: CallerKeyView }) {
  const t = useTranslations('callers');
  const nowMs = useServerNowMs();
  const { expires_at: end } = held;
  const hasEnded = end !== null && nowMs !== null && Date.parse(end) <= nowMs;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1 text-xs">
      <code className={hasEnded ? 'font-mono text-muted line-through' : 'font-mono'}>…{held.hint ?? '?'}</code>
      <span className="text-muted">
        <Instant at={held.created_at} />
        {end !== null && (
          <>
            {' '}
            · {t(hasEnded ? 'ended' : 'ends')} <Instant at={end} />
          </>
        )}
      </span>
      <Revoke name={name} held={held} />
    </li>
  );
}

function Revoke({ name, held }: { readonly name: string; readonly held?: CallerKeyView }) {
  const t = useTranslations('callers');
  const revoke = useRevokeKeys();
  const which = held === undefined ? t('allKeys', { name }) : `…${held.hint ?? '?'}`;
  return (
    <ConfirmButton
      title={t('revokeTitle', { which })}
      description={t('revokeDescription', { name, n: held === undefined ? 2 : 1 })}
      confirm={t('revoke')}
      label={`${t('revoke')}: ${which}`}
      pending={revoke.isPending}
      problem={revoke.error}
      onConfirm={() =>
        revoke.mutate({ name, ...(held === undefined ? {} : { id: held.id }) }, { onSuccess: revoke.reset })
      }
      onClose={revoke.reset}
    >
      {held === undefined ? t('revokeAll') : t('revoke')}
    </ConfirmButton>
  );
}
