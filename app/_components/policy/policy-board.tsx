'use client';

import { useTranslations } from 'next-intl';

export function PolicyBoard() {
  const t = useTranslations('policy');
  return <h1 className="font-semibold text-xl">{t('title')}</h1>;
}
