'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { WatchPill } from '../../overview/watch-pill';
import { Panel } from '../../ui/panel';
import { CardLink } from '../card-link';
import { JobsLine } from '../jobs-line';
import { TrafficLine } from '../traffic-line';
import { StoryChart } from './story-chart';
import { StoryList } from './story-list';

/** How it came there, what goes through it now, and who watches. */
export function StoryPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('story');
  return (
    <Panel
      title={t('title')}
      aside={<WatchPill snapshot={snapshot} />}
      className="flex flex-col lg:col-start-1 lg:row-start-1"
    >
      <StoryChart snapshot={snapshot} />
      <div className="mt-2 grid gap-1 border-t pt-2.5">
        <TrafficLine snapshot={snapshot} />
        <JobsLine snapshot={snapshot} />
        <div className="flex flex-wrap items-start justify-between gap-x-4">
          <StoryList snapshot={snapshot} />
          <CardLink />
        </div>
      </div>
    </Panel>
  );
}
