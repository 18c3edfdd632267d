'use client';

import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useSplitPlace } from '@/app/_queries/split';
import { useIsList, useSplits } from '@/app/_queries/splits';
import { Said } from '../format/said';
import { Banner } from '../ui/banner';
import { Instant } from '../ui/instant';
import { openAlerts } from './open-alerts';
import { OtherAlerts } from './other-alerts';
import { PausedBanner } from './paused-banner';
import { RolledBackBanner } from './rolled-back-banner';

/** What must be known on every page, until it is over or acknowledged. */
export function Banners() {
  const t = useTranslations('banner');
  const snapshot = useSnapshot();
  const isList = useIsList();
  const place = useSplitPlace();
  const path = usePathname();
  const split = useSplits().data?.splits.find(({ slug }) => slug === snapshot?.slug);
  if (!snapshot || isList) return null;
  const isOverview = path === place.href('/');
  const waiting = openAlerts(snapshot, isOverview);
  const rolledBack = waiting.find(({ kind }) => kind === 'rolled_back');
  const others = waiting.filter(({ kind }) => kind !== 'rolled_back');
  return (
    <div className="grid gap-2 empty:hidden">
      {split?.archived_at && (
        <Banner tone="caution" title={t('archived')}>
          <Instant at={split.archived_at} utc="beside" /> · {t('archivedMeans')}{' '}
          <code className="break-all font-mono text-xs">npm run sluice -- splits unarchive {split.slug}</code>
        </Banner>
      )}
      {(snapshot.latched || rolledBack) && (
        <RolledBackBanner snapshot={snapshot} alert={rolledBack ?? null} isOverview={isOverview} />
      )}
      {snapshot.paused && <PausedBanner snapshot={snapshot} paused={snapshot.paused} isOverview={isOverview} />}
      {snapshot.policy.fault && (
        <Banner tone="caution" title={t('policyFault')}>
          <Said text={snapshot.policy.fault} />
        </Banner>
      )}
      <OtherAlerts alerts={others} snapshot={snapshot} />
    </div>
  );
}
