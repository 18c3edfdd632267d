'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useInFlight } from '@/app/_queries/jobs';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { Snapshot } from '@/lib/api/snapshot';
import { judgedBy } from '@/lib/split/policy/metrics';
import { InFlightPanel } from '../jobs/in-flight-panel';
import { OnceKnown } from '../jobs/once-known';
import { classes } from '../ui/classes';
import { Skeleton } from '../ui/skeleton';
import { ArmsPanel } from './arms-panel';
import { ChecklistPanel } from './checklist-panel';
import { FirstRun } from './first-run';
import { Headline } from './headline';
import { NextPanel } from './next-panel';
import { RedLineTile } from './red-line-tile';
import { SplitPanel } from './split-panel';
import { Stepper } from './stepper';
import { WatchPanel } from './watch-panel';

/** Where are we, is it well, what is next, how do I stop it: on one screen. */
export function Overview() {
  const t = useTranslations('overview');
  const snapshot = useSnapshot();
  if (!snapshot) {
    return (
      <div role="status" className="grid grid-cols-1 gap-3">
        <span className="sr-only">{t('loading')}</span>
        <div className="grid grid-cols-1 gap-3 lg:grid-cols-[5fr_3fr]">
          <Skeleton className="h-60" />
          <Skeleton className="h-60" />
        </div>
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
          {['p95', 'failures', 'cost', 'vouchers'].map((name) => (
            <Skeleton key={name} className="h-50" />
          ))}
        </div>
        <div className="grid grid-cols-1 gap-3 lg:grid-cols-3">
          {['split', 'checklist', 'watch'].map((name) => (
            <Skeleton key={name} className="h-80" />
          ))}
        </div>
      </div>
    );
  }
  return (
    // A place of its own: a banner that comes with the data must not seem to push the skeleton down.
    <div key="data" className="grid grid-cols-1 gap-3">
      {/* Tall enough for two closed gates: the tiles below must not jump when one opens. */}
      <div className={classes('grid grid-cols-1 gap-3 lg:grid-cols-[5fr_3fr]', !snapshot.latched && 'lg:min-h-60')}>
        <section
          aria-label={t('where')}
          className="flex flex-col justify-between gap-4 rounded-panel border bg-surface p-4"
        >
          <Headline snapshot={snapshot} />
          <Stepper snapshot={snapshot} />
        </section>
        <NextPanel snapshot={snapshot} />
      </div>
      <FirstRun snapshot={snapshot} />
      <ArmsPanel snapshot={snapshot} />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {snapshot.red_lines.map((line) => (
          <RedLineTile key={`${line.arm} ${line.metric}`} line={line} snapshot={snapshot} />
        ))}
      </div>
      {judgedBy({ redLines: snapshot.red_lines }) === 'job' ? (
        <WithInFlight>
          <LowerPanels snapshot={snapshot} />
        </WithInFlight>
      ) : (
        <LowerPanels snapshot={snapshot} />
      )}
    </div>
  );
}

function LowerPanels({ snapshot }: { readonly snapshot: Snapshot }) {
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-3">
      <SplitPanel snapshot={snapshot} />
      <ChecklistPanel snapshot={snapshot} />
      <WatchPanel snapshot={snapshot} />
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
