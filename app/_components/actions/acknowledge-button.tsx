'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAcknowledge } from '@/app/_queries/verbs';
import { GatedButton } from '../ui/gated-button';
import { ReasonDialog } from './reason-dialog';
import { useRoleWhy } from './use-role-why';

export function AcknowledgeButton({ id }: { readonly id: number }) {
  const t = useTranslations('acknowledge');
  const [open, setOpen] = useState(false);
  const write = useAcknowledge();
  const why = useRoleWhy();
  const close = () => {
    setOpen(false);
    write.reset();
  };
  return (
    <>
      <GatedButton why={why} title={t('hint')} onClick={() => setOpen(true)}>
        {t('button')}
      </GatedButton>
      {open && (
        <ReasonDialog
          form={`acknowledge:${id}`}
          title={t('title')}
          description={t('description')}
          confirm={t('button')}
          required={false}
          pending={write.isPending}
          problem={write.error}
          onClose={close}
          onConfirm={(reason) => write.mutate({ id, reason: reason || t('defaultReason') }, { onSuccess: close })}
        />
      )}
    </>
  );
}
