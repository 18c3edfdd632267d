'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';

/** Loud: these providers are simulated. */
export function SandboxMark() {
  const t = useTranslations('sandbox');
  if (useSnapshot()?.mode !== 'sandbox') return null;
  return (
    <span
      title={t('title')}
      className="rounded border-2 border-caution border-dashed px-1.5 font-bold text-caution text-xs uppercase tracking-wider"
    >
      {t('mark')}
    </span>
  );
}
