'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { useFreshness } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { closedGatesOf } from '../overview/gates';
import { useGateSentence } from '../overview/use-gate-sentence';
import { useStageName } from '../state/use-stage-name';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { AdvanceDialog } from './advance-dialog';
import { useRoleWhy } from './use-role-why';

/** While gates are closed it looks so and says which; it opens all the same: the dialog has them all, and the override. */
export function AdvanceButton({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('advance');
  const stageName = useStageName();
  const sentence = useGateSentence(snapshot);
  const gatesId = useId();
  const [atOpening, setAtOpening] = useState<Snapshot | null>(null);
  const roleWhy = useRoleWhy();
  const { next, latched } = snapshot;
  const { first, unmet, met, all } = closedGatesOf(snapshot);
  const tFresh = useTranslations('freshness');
  const { isStale, isAway } = useFreshness();
  const awayWhy = isAway ? tFresh('awayWhy') : null;
  const why = roleWhy ?? (latched ? t('whyLatched') : next === null ? t('whyLast') : awayWhy);
  const isShut = why === null && first !== undefined;
  return (
    <>
      <GatedButton
        data-command="a"
        look={isShut ? 'shut' : first === undefined && !isStale ? 'solid' : 'quiet'}
        why={why}
        onClick={() => setAtOpening(snapshot)}
        {...(isShut ? { 'aria-describedby': gatesId } : {})}
      >
        {isShut && <Icon name="lock" />}
        {next ? t('button', { stage: stageName(next.name) }) : t('buttonNone')}
        {!isShut && <Icon name="forward" />}
      </GatedButton>
      {isShut && (
        <p id={gatesId} className="order-last basis-full text-muted text-xs">
          {t('gates', { unmet, met, all, first: sentence(first, true) })}
        </p>
      )}
      {atOpening && <AdvanceDialog seen={atOpening} onClose={() => setAtOpening(null)} />}
    </>
  );
}
