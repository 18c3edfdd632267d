'use client';

import { useTranslations } from 'next-intl';
import { useChannels } from '@/app/_queries/people/channels';
import { tellable } from '@/lib/api/alerts';
import { Empty } from '../../ui/empty';
import { Panel } from '../../ui/panel';
import { ProblemNote } from '../../ui/problem-note';
import { Skeleton } from '../../ui/skeleton';
import { AddChannel } from './add-channel';
import { useAlertName } from './channel-fields';
import { ChannelRow } from './channel-row';
import { DeliveriesList } from './deliveries-list';

/** Where alerts go, and a test message for each: a channel that was never tried is a hope. */
export function ChannelsPanel() {
  const t = useTranslations('channels');
  const { data, error } = useChannels(true);
  const alertName = useAlertName();
  const told = (kind: string) =>
    data?.channels.some(({ enabled, alerts }) => enabled && (alerts?.includes(kind) ?? true));
  const unheard = data && data.channels.length > 0 ? tellable.filter((kind) => kind !== 'changed' && !told(kind)) : [];
  return (
    <Panel title={t('title')} aside={<span className="text-muted text-xs">{t('hint')}</span>}>
      {error && <ProblemNote problem={error} />}
      {!data && !error && <Skeleton className="h-24" />}
      {data?.channels.length === 0 && <Empty title={t('none')}>{t('noneHint')}</Empty>}
      {data && data.channels.length > 0 && (
        <ul className="text-sm">
          {data.channels.map((channel) => (
            <ChannelRow key={channel.id} channel={channel} />
          ))}
        </ul>
      )}
      {unheard.length > 0 && (
        <p className="mt-2 text-caution text-sm">{t('unheard', { kinds: unheard.map(alertName).join(' · ') })}</p>
      )}
      <AddChannel />
      {data && data.channels.length > 0 && <DeliveriesList channels={data.channels} />}
    </Panel>
  );
}
