'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useIsList } from '@/app/_queries/splits';
import type { AlertView } from '@/lib/api/snapshot';
import { Banner } from '../ui/banner';
import { OtherAlerts } from './other-alerts';
import { PausedBanner } from './paused-banner';
import { RolledBackBanner } from './rolled-back-banner';

/** What must be known on every page, until it is over or acknowledged. */
export function Banners() {
  const t = useTranslations('banner');
  const snapshot = useSnapshot();
  const isList = useIsList();
  if (!snapshot || isList) return null;
  const rolledBack = snapshot.alerts.find((alert) => alert.kind === 'rolled_back' && alert.acknowledged === null);
  const untold = new Set<AlertView['kind']>(['rolled_back', 'test']);
  // The rollback is the end of that story and tells it whole.
  if (snapshot.latched) untold.add('breach_begun');
  const others = snapshot.alerts.filter((alert) => !untold.has(alert.kind) && alert.acknowledged === null);
  return (
    <div className="grid gap-2 empty:hidden">
      {(snapshot.latched || rolledBack) && <RolledBackBanner snapshot={snapshot} alert={rolledBack ?? null} />}
      {snapshot.paused && <PausedBanner paused={snapshot.paused} />}
      {snapshot.policy.fault && (
        <Banner tone="caution" title={t('policyFault')}>
          {snapshot.policy.fault}
        </Banner>
      )}
      <OtherAlerts alerts={others} />
    </div>
  );
}
