'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { isMetricWindow, type MetricWindow, useMetrics } from '@/app/_queries/metrics';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useSplitPlace } from '@/app/_queries/split';
import { armOrder } from '../state/arm-colour';
import { CopyButton } from '../ui/copy-button';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { CostBasis } from './cost-basis';
import { FailureKinds } from './failure-kinds';
import { MarkerList } from './marker-list';
import { MetricCharts } from './metric-charts';
import { permalink } from './permalink';
import { WindowSwitch } from './window-switch';

/** The window and the chosen metric live in the address, so that a link shows what I see. */
export function MetricsBoard() {
  const t = useTranslations('metrics');
  const router = useRouter();
  const search = useSearchParams();
  const asked = search.get('window');
  const window: MetricWindow = isMetricWindow(asked) ? asked : '1h';
  const { data: view, error } = useMetrics(window);
  const snapshot = useSnapshot();
  const place = useSplitPlace();
  // A new list each second would draw every chart anew.
  const names = snapshot ? armOrder(snapshot).join('\n') : 'fal';
  const order = useMemo(() => names.split('\n'), [names]);
  const choose = (next: MetricWindow) => {
    const params = new URLSearchParams(search);
    params.set('window', next);
    router.replace(place.href(`/charts?${params}`), { scroll: false });
  };
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h1 className="font-semibold text-xl">{t('title')}</h1>
        <div className="flex flex-wrap items-center gap-2">
          <CopyButton text={() => permalink(document, globalThis.location.href)} label={t('copyLink')} />
          <WindowSwitch value={window} onChange={choose} />
        </div>
      </div>
      {error && <ProblemNote problem={error} />}
      {!view && !error && (
        <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
          {['latency', 'failures', 'cost', 'vouchers'].map((name) => (
            <Skeleton key={name} className="h-80" />
          ))}
        </div>
      )}
      {view && (
        <>
          <MetricCharts view={view} lines={snapshot?.red_lines ?? []} order={order} focus={search.get('metric')} />
          <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
            <FailureKinds view={view} />
            <div className="grid content-start gap-3">
              <CostBasis view={view} />
              <MarkerList markers={view.markers} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}
