'use client';

import { useTranslations } from 'next-intl';
import type { AlertView } from '@/lib/api/alerts';
import type { Snapshot } from '@/lib/api/snapshot';
import { AlertBanner } from './alert-banner';

interface OtherAlertsProps {
  readonly alerts: readonly AlertView[];
  readonly snapshot: Snapshot;
}

/** The newest in full, the rest behind one line: alerts must not push the state off the screen. */
export function OtherAlerts({ alerts, snapshot }: OtherAlertsProps) {
  const t = useTranslations('alert');
  const [first, ...rest] = alerts.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (!first) return null;
  return (
    <>
      <AlertBanner alert={first} snapshot={snapshot} />
      {rest.length > 0 && (
        <details className="rounded-panel border bg-surface px-4 py-1.5">
          <summary className="min-h-7 py-0.5 text-sm">{t('more', { count: rest.length })}</summary>
          <div className="mt-1 mb-2 grid gap-2">
            {rest.map((alert) => (
              <AlertBanner key={alert.id} alert={alert} snapshot={snapshot} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}
