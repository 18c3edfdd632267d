'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { ApiProblem } from '@/app/_queries/api';
import { useFreshness } from '@/app/_queries/server-now';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useIsList } from '@/app/_queries/splits';
import { useIsWriting } from '@/app/_queries/verbs';
import { candidatesOfPlan, isAtRest } from '../state/candidates';
import { conditionOf } from '../state/condition';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { RollbackDialog } from './rollback-dialog';
import { useRoleWhy } from './use-role-why';

/** Never gated by checks and never waiting for data: with the page blank, the button still works. */
export function RollbackButton() {
  const t = useTranslations('rollback');
  const [open, setOpen] = useState(false);
  const why = useRoleWhy();
  const nothing = useNothingWhy();
  const isList = useIsList();
  const isOver = useIsOver();
  const hint = useHint();
  const hintId = useId();
  const { error } = useFreshness();
  const isUnknown = error instanceof ApiProblem && error.code === 'unknown-split';
  // Of a split that does not exist there is nothing to take back.
  if (isList || isUnknown) return null;
  return (
    <>
      <GatedButton
        data-command="r"
        data-idle={nothing === null ? undefined : ''}
        look={hint !== null ? 'shut' : isOver ? 'danger-solid' : 'danger'}
        {...(hint === null ? {} : { 'aria-describedby': hintId, title: hint })}
        why={why ?? nothing}
        onClick={() => setOpen(true)}
        className="font-semibold max-md:min-h-[44px] max-md:w-full"
      >
        <Icon name="back" />
        {t('button')}
      </GatedButton>
      {hint !== null && (
        <span id={hintId} className="sr-only">
          {hint}
        </span>
      )}
      {open && <RollbackDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** A line is crossed while a candidate has traffic: then this is the button that an operator looks for. */
function useIsOver(): boolean {
  const snapshot = useSnapshot();
  return snapshot !== undefined && snapshot.latched === null && conditionOf(snapshot).tone === 'breach';
}

/** Where it may be tried, and will do nothing as far as this page knows: why. */
function useHint(): string | null {
  const t = useTranslations('rollback');
  const snapshot = useSnapshot();
  const { isAway, isStale } = useFreshness();
  if (isAway) return t('away');
  if (!snapshot || isStale || snapshot.seen_by_all || !isAtRest({ ...snapshot, seen_by_all: true })) return null;
  return t('nothingYet', { arms: candidatesOfPlan(snapshot).join(', ') });
}

/** Whether no candidate has traffic, where that is certain: fresh, known to all who route, and nothing on its way. */
function useNothingWhy(): string | null {
  const t = useTranslations('rollback');
  const snapshot = useSnapshot();
  const { isStale } = useFreshness();
  const isWriting = useIsWriting();
  if (!snapshot || isStale || isWriting || !isAtRest(snapshot)) return null;
  const arms = candidatesOfPlan(snapshot);
  return t('nothing', { arms: arms.join(', ') });
}
