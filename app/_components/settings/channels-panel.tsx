'use client';

import { useTranslations } from 'next-intl';
import { useChannels } from '@/app/_queries/channels';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { AddChannel } from './add-channel';
import { ChannelRow } from './channel-row';

/** Where alerts go, and a test message for each: a channel that was never tried is a hope. */
export function ChannelsPanel() {
  const t = useTranslations('channels');
  const { data, error } = useChannels(true);
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
      <AddChannel />
    </Panel>
  );
}
