'use client';

import { useTranslations } from 'next-intl';
import { useServerNowMs } from '@/app/_queries/server-now';
import { useFormats } from '../format/use-formats';

/** How long ago by the server's clock, counted by the page between messages. */
export function Ago({ at }: { readonly at: string }) {
  const t = useTranslations('ui');
  const { duration } = useFormats();
  const nowMs = useServerNowMs();
  if (nowMs === null) return null;
  return <>{t('ago', { duration: duration((nowMs - Date.parse(at)) / 1000) })}</>;
}
