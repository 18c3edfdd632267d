'use client';

import { useTranslations } from 'next-intl';
import { type ChannelView, useDeliveries } from '@/app/_queries/people/channels';
import { Said } from '../../format/said';
import { Ago } from '../../ui/ago';
import { Instant } from '../../ui/instant';
import { ProblemNote } from '../../ui/problem-note';
import { ScrollBox } from '../../ui/scroll-box';
import { useAlertName } from './channel-fields';
import { useChannelName } from './use-channel-name';

/** Which channel took which message and when, or why it did not. */
export function DeliveriesList({ channels }: { readonly channels: readonly ChannelView[] }) {
  const t = useTranslations('channels');
  const alertName = useAlertName();
  const nameOf = useChannelName();
  const { data, error } = useDeliveries();
  const names = new Map(channels.map((channel) => [channel.id, nameOf(channel)]));
  return (
    <div className="mt-3 border-t pt-2">
      <h3 className="mb-1 text-muted text-xs">{t('sent')}</h3>
      {error && <ProblemNote problem={error} />}
      {data?.deliveries.length === 0 && <p className="text-muted text-sm">{t('nothingSent')}</p>}
      {data && data.deliveries.length > 0 && (
        <ScrollBox label={t('sent')} className="max-h-64 overflow-y-auto">
          <ul className="text-sm">
            {data.deliveries.map((one) => (
              <li key={one.id} className="border-t py-1.5 first:border-t-0">
                <span className="flex flex-wrap gap-x-2">
                  <span className="text-muted">
                    <Instant at={one.at} />
                  </span>
                  <span className="font-medium">{alertName(one.kind)}</span>
                  <span className="text-muted">→ {names.get(one.channel) ?? one.channel}</span>
                  {one.delivered_at !== null ? (
                    <span className="text-good">
                      {t('taken')} <Ago at={one.delivered_at} />
                    </span>
                  ) : (
                    <span className="text-caution">
                      {one.given_up_at === null
                        ? t('waits', { tries: one.attempts })
                        : t('givenUp', { tries: one.attempts })}
                    </span>
                  )}
                </span>
                {one.error !== null && (
                  <span className="block break-words text-caution text-xs">
                    <Said text={one.error} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </ScrollBox>
      )}
    </div>
  );
}
