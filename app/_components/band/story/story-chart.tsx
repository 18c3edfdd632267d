'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { classes } from '../../ui/classes';
import { PastAttempt } from './past-attempt';
import { PlannedStages } from './planned-stages';
import { StoryArea } from './story-area';

const mostPast = 3;

/** The share over time: attempts before this one in grey, this one, and what the plan has left. */
export function StoryChart({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('story');
  const attempts = snapshot.story.attempts;
  const shown = attempts.at(-1);
  const past = attempts.slice(-1 - mostPast, -1);
  return (
    <figure aria-label={t('title')} className="flex h-46 min-h-46 flex-1 gap-2 lg:max-h-96">
      {past.map((attempt, index) => (
        <div
          key={attempt.from}
          className={classes('w-24 shrink-0 lg:w-30', index < past.length - 1 && 'hidden xl:block')}
        >
          <PastAttempt attempt={attempt} snapshot={snapshot} />
        </div>
      ))}
      {shown && (
        <div className="min-w-0 flex-1">
          <StoryArea attempt={shown} snapshot={snapshot} />
        </div>
      )}
      <PlannedStages snapshot={snapshot} isAlone={shown === undefined} />
    </figure>
  );
}
