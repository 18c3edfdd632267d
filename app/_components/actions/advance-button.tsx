'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Snapshot } from '@/lib/api/snapshot';
import { useStageName } from '../state/use-stage-name';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { AdvanceDialog } from './advance-dialog';
import { useRoleWhy } from './use-role-why';

/** Opens even while gates are closed: the dialog shows them, and the override. */
export function AdvanceButton({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('advance');
  const stageName = useStageName();
  const [atOpening, setAtOpening] = useState<Snapshot | null>(null);
  const roleWhy = useRoleWhy();
  const { next, latched } = snapshot;
  const why = roleWhy ?? (latched ? t('whyLatched') : next === null ? t('whyLast') : null);
  return (
    <>
      <GatedButton
        data-command="a"
        look={snapshot.blockers.length === 0 ? 'solid' : 'quiet'}
        why={why}
        onClick={() => setAtOpening(snapshot)}
      >
        {next ? t('button', { stage: stageName(next.name) }) : t('buttonNone')}
        <Icon name="forward" />
      </GatedButton>
      {atOpening && <AdvanceDialog seen={atOpening} onClose={() => setAtOpening(null)} />}
    </>
  );
}
