'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
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
  const { isAway } = useFreshness();
  const awayId = useId();
  if (isList) return null;
  return (
    <>
      <GatedButton
        data-command="r"
        // Without its store it may be tried, and is not offered.
        look={isAway ? 'shut' : isOver ? 'danger-solid' : 'danger'}
        {...(isAway ? { 'aria-describedby': awayId, title: t('away') } : {})}
        why={why ?? nothing}
        onClick={() => setOpen(true)}
        className="font-semibold max-md:min-h-[44px] max-md:w-full"
      >
        <Icon name="back" />
        {t('button')}
      </GatedButton>
      {isAway && (
        <span id={awayId} className="sr-only">
          {t('away')}
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
