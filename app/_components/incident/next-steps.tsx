'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { IncidentView } from '@/lib/api/incident-view';
import type { Snapshot } from '@/lib/api/snapshot';
import { AdvanceButton } from '../actions/advance-button';
import { ArmRearmButton } from '../actions/arm-rearm-button';
import { useStageName } from '../state/use-stage-name';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { SettleButton } from './settle-button';

/** How to go on: one reason acknowledges and re-arms, then the plan starts again at its first stage. */
export function NextSteps({ view }: { readonly view: IncidentView }) {
  const t = useTranslations('incident');
  const snapshot = useSnapshot();
  return (
    <Panel title={t('next')}>
      {snapshot === undefined ? null : (
        <ol className="grid gap-3 text-sm">
          <RearmStep view={view} snapshot={snapshot} />
          <StartStep snapshot={snapshot} />
        </ol>
      )}
    </Panel>
  );
}

interface StepProps {
  readonly n: number;
  readonly isDone: boolean;
  readonly title: string;
  readonly children?: ReactNode;
}

function Step({ n, isDone, title, children }: StepProps) {
  const t = useTranslations('incident');
  return (
    <li className="grid grid-cols-[auto_1fr] gap-x-3">
      <span
        className={`grid size-6 place-items-center rounded-full text-xs ${isDone ? 'bg-accent-soft text-accent' : 'bg-sunken'}`}
      >
        {isDone ? <Icon name="check" className="size-3.5" /> : n}
      </span>
      <div className="grid min-w-0 justify-items-start gap-1.5">
        <p className="font-medium">
          {title} {isDone && <span className="font-normal text-muted text-xs">{t('step.done')}</span>}
        </p>
        {children}
      </div>
    </li>
  );
}

function RearmStep({ view, snapshot }: { readonly view: IncidentView; readonly snapshot: Snapshot }) {
  const t = useTranslations('incident');
  const alert = snapshot.alerts.find((each) => each.journal_id === view.entry.id && each.acknowledged === null);
  const isLatched = snapshot.latched?.journal_id === view.entry.id;
  const alone = snapshot.latched === null ? latchedOf(view, snapshot) : [];
  if (!isLatched && alert === undefined && alone.length === 0)
    return (
      <Step n={1} isDone title={view.rearmed === null ? t('step.over') : t('step.rearmed', { who: view.rearmed.by })} />
    );
  return (
    <Step n={1} isDone={false} title={t('step.settle')}>
      <p className="text-muted text-xs">{t('step.settleHint')}</p>
      {(isLatched || alert !== undefined) && (
        <SettleButton snapshot={snapshot} alertId={alert?.id ?? null} rearms={isLatched} />
      )}
      {alone.map((arm) => (
        <ArmRearmButton key={arm} arm={arm} snapshot={snapshot} />
      ))}
    </Step>
  );
}

/** Those that were taken back then, alone, and still are. */
function latchedOf({ arms }: IncidentView, snapshot: Snapshot): readonly string[] {
  return snapshot.arms.filter(({ name, latched }) => latched !== null && arms.includes(name)).map(({ name }) => name);
}

function StartStep({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('incident');
  const stageName = useStageName();
  const isAtRest = snapshot.stage === 'baseline' || snapshot.stage === 'rolled_back';
  if (!isAtRest) return <Step n={2} isDone title={t('step.started', { stage: stageName(snapshot.stage) })} />;
  return (
    <Step n={2} isDone={false} title={t('step.start')}>
      <p className="text-muted text-xs">{t('step.startHint')}</p>
      <AdvanceButton snapshot={snapshot} />
    </Step>
  );
}
