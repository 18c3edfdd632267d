'use client';

import { useTranslations } from 'next-intl';

/** Who did it: a person by name, the watchdog by what it is called in the reader's language. */
export function useWho(): (by: string | null | undefined) => string {
  const t = useTranslations('who');
  return (by) => (by === 'watchdog' ? t('watchdog') : (by ?? ''));
}
