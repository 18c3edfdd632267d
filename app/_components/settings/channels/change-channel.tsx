'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type ChannelView, useChangeChannel } from '@/app/_queries/people/channels';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem-note';
import { ChannelFields } from './channel-fields';

/** Its address stays: at another one it is another channel. */
export function ChangeChannel({ channel, name }: { readonly channel: ChannelView; readonly name: string }) {
  const t = useTranslations('channels');
  const change = useChangeChannel();
  const [draft, setDraft] = useState({ name: channel.name ?? '', alerts: channel.alerts });
  return (
    <details className="text-sm">
      <summary className="inline-block min-h-7 cursor-pointer py-1 text-muted text-xs underline underline-offset-2">
        {t('change')}
      </summary>
      <form
        aria-label={t('changeOf', { name })}
        className="mt-1 grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ id: channel.id, name: draft.name.trim() || null, alerts: draft.alerts });
        }}
      >
        <ChannelFields draft={draft} onChange={setDraft} />
        <span className="flex flex-wrap items-center gap-3">
          <Button type="submit" disabled={change.isPending}>
            {t('save')}
          </Button>
          <span role="status" className="text-good text-sm empty:hidden">
            {change.isSuccess && t('saved')}
          </span>
        </span>
        {change.error && <ProblemNote problem={change.error} />}
      </form>
    </details>
  );
}
