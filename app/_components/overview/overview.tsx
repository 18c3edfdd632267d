'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useInFlight } from '@/app/_queries/jobs';
import { useSnapshot } from '@/app/_queries/snapshot';
import { judgedBy } from '@/lib/split/policy/metrics';
import { NextPanel } from '../band/next-panel';
import { StoryPanel } from '../band/story/story-panel';
import { WherePanel } from '../band/where-panel';
import { InFlightPanel } from '../jobs/in-flight-panel';
import { OnceKnown } from '../jobs/once-known';
import { Tiles } from '../tiles/tiles';
import { Skeleton } from '../ui/skeleton';
import { ArmsPanel } from './arms-panel';
import { FirstRun } from './first-run';
import { GateList } from './gate-list';
import { SplitPanel } from './split-panel';

/** Where are we, is it well, what is next, how do I stop it: on one screen. */
export function Overview() {
  const t = useTranslations('overview');
  const snapshot = useSnapshot();
  if (!snapshot) {
    return (
      <div role="status" className="grid grid-cols-1 gap-3">
        <span className="sr-only">{t('loading')}</span>
        <div className="grid grid-cols-1 gap-3 lg:grid-cols-[5fr_3fr]">
          <Skeleton className="h-44" />
          <Skeleton className="h-44" />
          <Skeleton className="h-76" />
          <Skeleton className="h-76" />
        </div>
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          {['p95', 'failures', 'cost', 'vouchers'].map((name) => (
            <Skeleton key={name} className="h-50" />
          ))}
        </div>
        <Skeleton className="h-60" />
      </div>
    );
  }
  return (
    // A place of its own: a banner that comes with the data must not seem to push the skeleton down.
    <div key="data" className="grid grid-cols-1 gap-3">
      <div className="grid grid-cols-1 gap-3 lg:grid-cols-[5fr_3fr]">
        <WherePanel snapshot={snapshot} />
        <NextPanel snapshot={snapshot} />
      </div>
      {/* Where it stands comes first, also before anything has begun. */}
      <FirstRun snapshot={snapshot} />
      <div className="grid grid-cols-1 gap-3 lg:grid-cols-[5fr_3fr]">
        <StoryPanel snapshot={snapshot} />
        {/* On a phone the lines come before the list of what they must be. */}
        <Tiles snapshot={snapshot} />
        <GateList snapshot={snapshot} />
      </div>
      <ArmsPanel snapshot={snapshot} />
      {judgedBy({ redLines: snapshot.red_lines }) === 'job' ? (
        <WithInFlight>
          <SplitPanel snapshot={snapshot} />
        </WithInFlight>
      ) : (
        <SplitPanel snapshot={snapshot} />
      )}
    </div>
  );
}

function WithInFlight({ children }: { readonly children: ReactNode }) {
  const { data, error } = useInFlight();
  return (
    <OnceKnown isKnown={data !== undefined || error !== null}>
      <InFlightPanel isLinked />
      {children}
    </OnceKnown>
  );
}
