'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { Banner } from '../ui/banner';
import { Instant } from '../ui/instant';

export function PausedBanner({ paused }: { readonly paused: NonNullable<Snapshot['paused']> }) {
  const t = useTranslations('banner');
  return (
    <Banner tone="caution" icon="pause" title={t('paused', { by: paused.by })}>
      <Instant at={paused.at} utc="beside" />
      {paused.reason && <> · “{paused.reason}”</>} · {t('pausedStillArmed')}
    </Banner>
  );
}
