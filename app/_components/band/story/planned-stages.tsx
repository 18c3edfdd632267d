'use client';

import { useTranslations } from 'next-intl';
import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import type { PlanStep, Snapshot } from '@/lib/api/snapshot';
import { isCrossed } from '@/lib/rule/hold';
import { useFormats } from '../../format/use-formats';
import { candidateShare } from '../../state/candidates';
import { useStageName } from '../../state/use-stage-name';
import { classes } from '../../ui/classes';
import { Instant } from '../../ui/instant';

interface PlannedStagesProps {
  readonly snapshot: Snapshot;
  /** Nothing has happened yet: the plan is the whole picture. */
  readonly isAlone: boolean;
}

/** What the plan has left, each stage as high as its share; how long they take is said, not drawn. */
export function PlannedStages({ snapshot, isAlone }: PlannedStagesProps) {
  const left = snapshot.plan.filter(({ state }) => state === 'next' || state === 'future');
  if (left.length === 0) return null;
  return (
    <div
      className={classes(
        'grid auto-cols-fr grid-flow-col gap-1',
        isAlone ? 'flex-1' : 'hidden w-[30%] shrink-0 sm:grid',
      )}
    >
      {left.map((step) => (
        <Planned key={step.name} step={step} snapshot={snapshot} />
      ))}
    </div>
  );
}

function Planned({ step, snapshot }: { readonly step: PlanStep; readonly snapshot: Snapshot }) {
  const t = useTranslations('story');
  const stageName = useStageName();
  const { percent, duration } = useFormats();
  const { isStale } = useFreshness();
  const nowMs = useServerNowMs() ?? Date.parse(snapshot.now);
  const share = candidateShare(snapshot, step.weights);
  const { eligible_at: eligibleAt } = snapshot.observation;
  const isNext = step.state === 'next';
  // What is about to be rolled back begins no stage at the time that it would have.
  const isOver = snapshot.red_lines.some((line) => line.action === 'rollback' && isCrossed(line));
  // A time that has passed is no plan, and none is known while what would keep it cannot be asked.
  const isAhead = !isStale && eligibleAt !== null && Date.parse(eligibleAt) > nowMs;
  return (
    <div className={classes('flex min-w-0 flex-col', !isNext && 'text-muted')}>
      <div className="relative min-h-0 flex-1 border-line-strong border-b border-dashed">
        <div
          className="absolute inset-x-0 bottom-0 border border-line-strong border-b-0 border-dashed bg-[repeating-linear-gradient(135deg,var(--line)_0_1px,transparent_1px_6px)]"
          style={{ height: `${share * 100}%` }}
        />
        <span
          className="absolute left-1 mb-0.5 rounded bg-surface/85 px-1 text-2xs whitespace-nowrap"
          style={{ bottom: `min(${share * 100}%, calc(100% - 20px))` }}
        >
          <b className="font-semibold">{stageName(step.name)}</b> {percent(share)}
        </span>
      </div>
      <p className="h-6 truncate pt-1 text-2xs text-muted">
        {step.observe_seconds === null ? t('noEnd') : t('atLeast', { duration: duration(step.observe_seconds) })}
      </p>
      <p className="h-6 truncate text-2xs text-muted">
        {isNext && eligibleAt && !isOver && isAhead && (
          <>
            {t('from')} <Instant at={eligibleAt} />
          </>
        )}
      </p>
    </div>
  );
}
