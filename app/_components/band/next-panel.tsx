'use client';

import { useTranslations } from 'next-intl';
import { useFreshness } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { AdvanceButton } from '../actions/advance-button';
import { ReasonButton } from '../actions/reason-button';
import { candidateShare } from '../state/candidates';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';
import { BigCountdown } from './big-countdown';
import { DrainingLine } from './draining-line';
import { useCountdown } from './use-countdown';

/** What comes next and when, and what a person can do about it. */
export function NextPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('next');
  const tPause = useTranslations();
  const tFresh = useTranslations('freshness');
  const { isStale, isAway } = useFreshness();
  const { countdown } = useCountdown(snapshot);
  const { next, latched, paused, blockers } = snapshot;
  const rests = !paused && next !== null && candidateShare(snapshot) === 0;
  const awayWhy = isAway ? tFresh('awayWhy') : null;
  return (
    <section
      aria-label={t('title')}
      className={classes(
        'min-w-0 rounded-panel border bg-surface p-4 lg:col-start-2 lg:row-start-1',
        countdown.tone === 'breach' && 'border-breach ring-1 ring-breach',
      )}
    >
      <BigCountdown snapshot={snapshot} />
      <DrainingLine snapshot={snapshot} />
      {next !== null && blockers.length === 0 && !isStale && snapshot.rollout_started_at !== null && (
        <p className="mt-1 flex items-center gap-1.5 font-medium text-good text-sm">
          <Icon name="check" />
          {t('open')}
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        {latched && (
          <ReasonButton verb="rearm" snapshot={snapshot} why={awayWhy}>
            {tPause('rearm.button')}
          </ReasonButton>
        )}
        {/* Stays while latched: a dialog that is open in it must not vanish, but tell what happened. */}
        <AdvanceButton snapshot={snapshot} />
        <ReasonButton
          verb={paused ? 'resume' : 'pause'}
          snapshot={snapshot}
          hint={rests ? tPause('pause.rests', { stage: next?.name ?? '' }) : undefined}
          why={latched ? t('pauseLatched') : awayWhy}
        >
          <Icon name={paused ? 'play' : 'pause'} />
          {tPause(paused ? 'resume.button' : 'pause.button')}
        </ReasonButton>
      </div>
    </section>
  );
}
