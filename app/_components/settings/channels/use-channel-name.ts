'use client';

import { useTranslations } from 'next-intl';
import type { ChannelView } from '@/app/_queries/people/channels';

/** As people called it, else by its kind and host. */
export function useChannelName(): (channel: Pick<ChannelView, 'name' | 'kind' | 'host'>) => string {
  const t = useTranslations('channels');
  return ({ name, kind, host }) => name ?? `${t(`kind.${kind}`)} ${host}`;
}
