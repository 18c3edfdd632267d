'use client';

import { useTranslations } from 'next-intl';
import { type ChannelView, useRemoveChannel, useTestChannel } from '@/app/_queries/people/channels';
import { Ago } from '../../ui/ago';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Instant } from '../../ui/instant';
import { ProblemNote } from '../../ui/problem-note';
import { ConfirmButton } from '../confirm-button';
import { ChangeChannel } from './change-channel';
import { useAlertName } from './channel-fields';
import { TestResult } from './test-result';
import { useChannelName } from './use-channel-name';

export function ChannelRow({ channel }: { readonly channel: ChannelView }) {
  const t = useTranslations('channels');
  const test = useTestChannel();
  const remove = useRemoveChannel();
  const name = useChannelName()(channel);
  const alertName = useAlertName();
  return (
    <li className="grid gap-2 border-t py-2 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Badge tone="unknown">{t(`kind.${channel.kind}`)}</Badge>
        {channel.name !== null && <span className="min-w-0 break-words font-medium">{channel.name}</span>}
        <span className="min-w-0 break-all font-mono text-xs">{channel.host}</span>
        {channel.signed && <span className="text-muted text-xs">{t('signed')}</span>}
        <span className="text-muted text-xs">
          {channel.created_by} · <Instant at={channel.created_at} />
        </span>
        <Deliveries channel={channel} />
        <span className="ml-auto flex flex-wrap gap-2">
          <Button
            aria-label={`${t('test')}: ${name}`}
            disabled={test.isPending}
            onClick={() => test.mutate(channel.id)}
          >
            {test.isPending ? t('testing') : t('test')}
          </Button>
          <ConfirmButton
            title={t('removeTitle')}
            description={t('removeDescription', { name })}
            confirm={t('remove')}
            label={`${t('remove')}: ${name}`}
            pending={remove.isPending}
            problem={remove.error}
            onConfirm={() => remove.mutate(channel.id)}
            onClose={remove.reset}
          >
            {t('remove')}
          </ConfirmButton>
        </span>
      </div>
      {channel.alerts !== null && (
        <p className="text-muted text-xs">{t('only', { kinds: channel.alerts.map(alertName).join(' · ') })}</p>
      )}
      <ChangeChannel channel={channel} name={name} />
      <div role="status" className="empty:hidden">
        {test.data && <TestResult outcome={test.data} />}
        {test.error && <ProblemNote problem={test.error} />}
      </div>
    </li>
  );
}

/** Whether alerts get through there: a test message that did says nothing of last night. */
function Deliveries({ channel: { delivered_at, waiting, last_error } }: { readonly channel: ChannelView }) {
  const t = useTranslations('channels');
  return (
    <>
      <span className="text-muted text-xs">
        {delivered_at === null ? (
          t('neverDelivered')
        ) : (
          <>
            {t('lastDelivered')} <Ago at={delivered_at} />
          </>
        )}
      </span>
      {(waiting > 0 || last_error !== null) && (
        <span className="break-words text-caution text-xs">
          {t('waiting', { count: waiting })}
          {last_error !== null && `: ${last_error}`}
        </span>
      )}
    </>
  );
}
