'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { useWho } from '../format/use-who';
import type { Step } from '../state/steps';
import { useStageName } from '../state/use-stage-name';
import { classes } from '../ui/classes';
import { Icon, type IconName } from '../ui/icon';
import { Instant } from '../ui/instant';

const icons: Record<Step['state'], IconName> = { past: 'check', current: 'dot', next: 'forward', future: 'circle' };

function barOf(step: Step, snapshot: Snapshot): number {
  if (step.state === 'past') return 1;
  if (step.state !== 'current') return 0;
  if (!snapshot.plan.some(({ name }) => name === step.name)) return 1;
  const { served_seconds, needed_seconds } = snapshot.observation;
  return needed_seconds ? Math.min(1, served_seconds / needed_seconds) : 1;
}

/** State by word, icon and weight of the line; never by colour alone. */
export function StepItem({ step, snapshot }: { readonly step: Step; readonly snapshot: Snapshot }) {
  const t = useTranslations('stepper');
  const who = useWho();
  const stageName = useStageName();
  const { percent, duration } = useFormats();
  const current = step.state === 'current';
  // The headline says since when, and by whom.
  const isToldAbove = current && snapshot.stage_started_at !== null;
  const alarmed = current && step.name === 'rolled_back';
  return (
    <li
      aria-current={current ? 'step' : undefined}
      className={classes('min-w-0', step.state === 'future' && 'text-muted')}
    >
      <div aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-line forced-color-adjust-none">
        <div
          className={classes(
            'h-full motion-safe:transition-[width]',
            alarmed ? 'bg-breach' : 'bg-accent',
            step.state === 'past' && 'opacity-55',
          )}
          style={{ width: `${barOf(step, snapshot) * 100}%` }}
        />
      </div>
      <p className={classes('mt-2 flex items-center gap-1.5 text-lg', alarmed && 'text-breach')}>
        <Icon name={alarmed ? 'back' : icons[step.state]} className="size-3.5" />
        <span className={current ? 'font-semibold' : 'font-medium'}>{stageName(step.name)}</span>
        <span className="text-muted">{percent(step.share)}</span>
      </p>
      <p className="text-muted text-xs">
        {t(`state.${step.state}`)}
        {step.enteredAt && !isToldAbove ? (
          <>
            {' · '}
            <Instant at={step.enteredAt} />
            {step.by && <> · {who(step.by)}</>}
          </>
        ) : (
          (step.state === 'next' || step.state === 'future') && (
            <>
              {' '}
              · {step.observeSeconds === null ? t('noEnd') : t('lasts', { duration: duration(step.observeSeconds) })}
            </>
          )
        )}
      </p>
    </li>
  );
}
