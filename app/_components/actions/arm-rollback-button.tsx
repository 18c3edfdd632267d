'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { RollbackDialog } from './rollback-dialog';
import { useRoleWhy } from './use-role-why';

/** One arm of several goes, the others stay; as the button for all, no check gates it. */
export function ArmRollbackButton({ arm }: { readonly arm: string }) {
  const t = useTranslations('arms.rollback');
  const [open, setOpen] = useState(false);
  const why = useRoleWhy();
  return (
    <>
      <GatedButton look="danger" why={why} onClick={() => setOpen(true)} className="max-w-full">
        <Icon name="back" />
        <span className="truncate">{t('button', { arm })}</span>
      </GatedButton>
      {open && <RollbackDialog arm={arm} onClose={() => setOpen(false)} />}
    </>
  );
}
