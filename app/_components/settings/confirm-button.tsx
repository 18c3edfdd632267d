'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { ApiProblem } from '@/app/_queries/api';
import { Button } from '../ui/button';
import { Modal } from '../ui/modal';
import { ProblemNote } from '../ui/problem-note';

interface ConfirmButtonProps {
  readonly title: string;
  readonly description: string;
  readonly confirm: string;
  /** Names the row to those who do not see it. */
  readonly label: string;
  readonly pending: boolean;
  readonly problem: ApiProblem | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A button whose act cannot be taken back asks once. The row that held it is gone when it has worked. */
export function ConfirmButton({ title, description, confirm, label, ...rest }: ConfirmButtonProps) {
  const t = useTranslations('ui');
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    rest.onClose();
  };
  return (
    <>
      <Button aria-label={label} onClick={() => setOpen(true)}>
        {rest.children}
      </Button>
      {open && (
        <Modal open onOpenChange={(wanted) => !wanted && close()} title={title} description={description}>
          <div className="flex flex-col gap-4 p-5">
            {rest.problem && <ProblemNote problem={rest.problem} />}
            <div className="flex flex-row-reverse flex-wrap gap-2">
              <Button look="solid" disabled={rest.pending} onClick={rest.onConfirm} className="min-h-10 px-5">
                {confirm}
              </Button>
              <Button data-first onClick={close} className="min-h-10">
                {t('cancel')}
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </>
  );
}
