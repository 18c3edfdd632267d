'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAddChannel } from '@/app/_queries/people/channels';
import { type ChannelKind, channelKinds } from '@/lib/api/alerts';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem-note';
import { inputLook } from '../../ui/reason-field';
import { Choice } from '../choice';
import { Field } from '../field';
import { type ChannelDraft, ChannelFields } from './channel-fields';

/** The address of these kinds is itself a secret. */
const secretless: ReadonlySet<ChannelKind> = new Set(['slack', 'wecom']);

const everything: ChannelDraft = { name: '', alerts: null };

export function AddChannel() {
  const t = useTranslations('channels');
  const [kind, setKind] = useState<ChannelKind>('webhook');
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const [draft, setDraft] = useState(everything);
  const add = useAddChannel();
  const signs = !secretless.has(kind);
  const send = () =>
    add.mutate(
      {
        ...{ kind, url: url.trim(), name: draft.name.trim() || null, alerts: draft.alerts },
        ...(signs && secret !== '' ? { secret } : {}),
      },
      {
        onSuccess: () => {
          setUrl('');
          setSecret('');
          setDraft(everything);
        },
      },
    );
  return (
    <form
      aria-label={t('addTitle')}
      className="mt-3 grid gap-2 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (url.trim() !== '') send();
      }}
    >
      <div className="grid items-end gap-2 sm:grid-cols-[auto_1fr] lg:grid-cols-[auto_1fr_16rem_auto]">
        <Field label={t('column.kind')}>
          <Choice value={kind} options={channelKinds} word={(one) => t(`kind.${one}`)} onChange={setKind} />
        </Field>
        <Field label={t('url')}>
          <input
            type="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            className={`${inputLook} min-h-9`}
          />
        </Field>
        <Field label={signs ? t('secret') : t('noSecret')}>
          <input
            type="password"
            autoComplete="off"
            disabled={!signs}
            value={signs ? secret : ''}
            onChange={(event) => setSecret(event.target.value)}
            className={`${inputLook} min-h-9 disabled:border-line disabled:bg-sunken`}
          />
        </Field>
        <Button type="submit" look="solid" disabled={url.trim() === '' || add.isPending} className="min-h-9">
          {t('add')}
        </Button>
      </div>
      <ChannelFields draft={draft} onChange={setDraft} />
      {add.error && <ProblemNote problem={add.error} />}
    </form>
  );
}
