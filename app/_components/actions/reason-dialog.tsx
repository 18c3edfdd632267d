'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ApiProblem } from '@/app/_queries/api';
import { useKeptReason } from '@/app/_queries/kept';
import { Button } from '../ui/button';
import { Modal } from '../ui/modal';
import { ProblemNote } from '../ui/problem-note';
import { ReasonField } from '../ui/reason-field';

interface ReasonDialogProps {
  /** What is asked, by which a reason is kept over a load of the page anew. */
  readonly form: string;
  readonly title: string;
  readonly description: string;
  readonly confirm: string;
  readonly required: boolean;
  readonly pending: boolean;
  readonly problem: ApiProblem | null;
  readonly story?: ReactNode;
  /** What must be seen and answered before it can be confirmed. */
  readonly question?: ReactNode;
  readonly unanswered?: boolean;
  readonly onClose: () => void;
  readonly onConfirm: (reason: string) => void;
}

export function ReasonDialog({
  form,
  title,
  description,
  confirm,
  required,
  pending,
  problem,
  ...rest
}: ReasonDialogProps) {
  const t = useTranslations('ui');
  const { value: reason, set: setReason, isOld } = useKeptReason(form);
  const ready = !required || reason.trim() !== '';
  return (
    <Modal open onOpenChange={(open) => !open && rest.onClose()} title={title} description={description}>
      <form
        className="flex flex-col gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) rest.onConfirm(reason.trim());
        }}
      >
        <ReasonField value={reason} onChange={setReason} required={required} isOld={isOld} first />
        {rest.story}
        {rest.question}
        {problem && <ProblemNote problem={problem} />}
        <div className="flex flex-row-reverse flex-wrap gap-2">
          <Button
            type="submit"
            look="solid"
            disabled={!ready || pending || Boolean(rest.story) || rest.unanswered === true}
            className="min-h-10 px-5"
          >
            {confirm}
          </Button>
          <Button onClick={rest.onClose} className="min-h-10">
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
