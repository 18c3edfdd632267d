'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useMetrics } from '@/app/_queries/log/metrics';
import { useProviders } from '@/app/_queries/registry/providers';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { Snapshot } from '@/lib/api/snapshot';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { ComparisonTable } from './comparison-table';
import { InstanceTable } from './instance-table';
import { ProviderCard } from './provider-card';
import { DialectsPanel } from './relays/dialects-panel';
import { RelayTable } from './relays/relay-table';

const lastHour = { window: '1h' };

export function ProvidersBoard() {
  const t = useTranslations('providers');
  const snapshot = useSnapshot();
  const { data: view, error } = useMetrics(lastHour);
  const { data: registry } = useProviders();
  return (
    <div className="grid grid-cols-1 gap-3">
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      {!snapshot && (
        <div className="grid grid-cols-1 gap-3 md:grid-cols-2">
          <Skeleton className="h-27" />
          <Skeleton className="h-27" />
        </div>
      )}
      {snapshot && (
        <div className="grid grid-cols-1 gap-3 md:grid-cols-2">
          {ownFirst(snapshot).map(([name, provider]) => (
            <ProviderCard
              key={name}
              name={name}
              provider={provider}
              snapshot={snapshot}
              entry={registry?.providers.find((each) => each.name === name)}
              version={registry?.version ?? 0}
            />
          ))}
        </div>
      )}
      {error && <ProblemNote problem={error} />}
      {view && snapshot && <ComparisonTable view={view} snapshot={snapshot} />}
      {!view && !error && <Skeleton className="h-78" />}
      <RelayTable />
      <DialectsPanel />
      {snapshot && <InstanceTable snapshot={snapshot} />}
      <p className="flex flex-wrap gap-x-4 gap-y-2 text-sm">
        <Link href="/models" className="text-link underline underline-offset-2">
          {t('models')}
        </Link>
        <Link href="/callers" className="text-link underline underline-offset-2">
          {t('callers')}
        </Link>
      </p>
    </div>
  );
}

/** Those of this split's arms come first, in the order of its arms; other splits have theirs here, too. */
function ownFirst({ arms, providers }: Snapshot) {
  const own = arms.map(({ provider }) => provider);
  const rank = (name: string) => (own.includes(name) ? own.indexOf(name) : own.length);
  return Object.entries(providers).toSorted(([a], [b]) => rank(a) - rank(b));
}
