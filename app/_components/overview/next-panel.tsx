'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { AdvanceButton } from '../actions/advance-button';
import { ReasonButton } from '../actions/reason-button';
import { useFormats } from '../format/use-formats';
import { candidateShare } from '../state/candidates';
import { useStageName } from '../state/use-stage-name';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { BlockerList } from './blocker-list';
import { Countdown } from './countdown';

/** What comes next, when, and everything that stands in the way. */
export function NextPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('next');
  const tPause = useTranslations();
  const stageName = useStageName();
  const { percent } = useFormats();
  const { next, latched, paused, blockers } = snapshot;
  const open = next !== null && blockers.length === 0;
  return (
    <Panel
      title={t('title')}
      aside={
        next && (
          <span className="text-sm">
            {stageName(next.name)} · {percent(candidateShare(snapshot, next.weights))}
          </span>
        )
      }
      className="flex flex-col"
    >
      <div className="flex-1">
        {next && !latched && <Countdown observation={snapshot.observation} paused={paused !== null} />}
        {open ? (
          <p className="flex items-center gap-1.5 font-medium text-accent">
            <Icon name="check" />
            {t('open')}
          </p>
        ) : (
          <BlockerList blockers={blockers} compact />
        )}
        {!next && !latched && <p className="text-muted">{t('nothing')}</p>}
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        {latched && (
          <ReasonButton verb="rearm" snapshot={snapshot}>
            {tPause('rearm.button')}
          </ReasonButton>
        )}
        {/* Stays while latched: a dialog that is open in it must not vanish, but tell what happened. */}
        <AdvanceButton snapshot={snapshot} />
        <ReasonButton verb={paused ? 'resume' : 'pause'} snapshot={snapshot} why={latched ? t('pauseLatched') : null}>
          <Icon name={paused ? 'play' : 'pause'} />
          {tPause(paused ? 'resume.button' : 'pause.button')}
        </ReasonButton>
      </div>
    </Panel>
  );
}
