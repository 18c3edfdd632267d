'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Snapshot } from '@/lib/api/snapshot';
import { GatedButton } from '../ui/gated-button';
import { ArmRearmDialog } from './arm-rearm-dialog';
import { useRoleWhy } from './use-role-why';

export function ArmRearmButton({ arm, snapshot }: { readonly arm: string; readonly snapshot: Snapshot }) {
  const t = useTranslations('arms.rearm');
  const [seen, setSeen] = useState<Snapshot | null>(null);
  const why = useRoleWhy();
  return (
    <>
      <GatedButton why={why} onClick={() => setSeen(snapshot)} className="max-w-full">
        <span className="truncate">{t('button', { arm })}</span>
      </GatedButton>
      {seen && <ArmRearmDialog arm={arm} seen={seen} onClose={() => setSeen(null)} />}
    </>
  );
}
