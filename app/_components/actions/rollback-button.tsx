'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useIsList } from '@/app/_queries/splits';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { RollbackDialog } from './rollback-dialog';
import { useRoleWhy } from './use-role-why';

/** Never gated by checks and never waiting for data: with the page blank, the button still works. */
export function RollbackButton() {
  const t = useTranslations('rollback');
  const [open, setOpen] = useState(false);
  const why = useRoleWhy();
  const isList = useIsList();
  if (isList) return null;
  return (
    <>
      <GatedButton
        data-command="r"
        look="danger"
        why={why}
        onClick={() => setOpen(true)}
        className="font-semibold max-md:min-h-[44px] max-md:w-full"
      >
        <Icon name="back" />
        {t('button')}
      </GatedButton>
      {open && <RollbackDialog onClose={() => setOpen(false)} />}
    </>
  );
}
