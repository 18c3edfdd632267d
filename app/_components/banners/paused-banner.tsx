'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { useCountdown } from '../band/use-countdown';
import { Banner } from '../ui/banner';
import { Instant } from '../ui/instant';

interface PausedBannerProps {
  readonly snapshot: Snapshot;
  readonly paused: NonNullable<Snapshot['paused']>;
  readonly isOverview: boolean;
}

/** Not where the page itself says it: who, why, and what is left. */
export function PausedBanner({ snapshot, paused, isOverview }: PausedBannerProps) {
  const t = useTranslations('banner');
  const { countdown } = useCountdown(snapshot);
  if (isOverview && countdown.kind === 'paused') return null;
  return (
    <Banner tone="caution" icon="pause" title={t('paused', { by: paused.by })}>
      <Instant at={paused.at} utc="beside" />
      {paused.reason && <> · “{paused.reason}”</>} · {t('pausedStillArmed')}
    </Banner>
  );
}
