'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useJobVerb } from '@/app/_queries/jobs';
import type { JobDetail } from '@/lib/api/jobs-view';
import { useRoleWhy } from '../actions/use-role-why';
import { Button } from '../ui/button';
import { GatedButton } from '../ui/gated-button';
import { Modal } from '../ui/modal';
import { ProblemNote } from '../ui/problem-note';

/** What may be asked of a job that has not ended. */
export function JobActions({ job }: { readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const roleWhy = useRoleWhy();
  const again = useJobVerb();
  const [isAsking, setAsking] = useState(false);
  if (job.ended_at !== null) return null;
  const notYet = job.state === 'attempting' ? t('stillSent') : null;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        <GatedButton
          why={roleWhy ?? notYet}
          disabled={again.isPending}
          onClick={() => again.mutate({ verb: 'poll', id: job.id })}
        >
          {t('lookAgain')}
        </GatedButton>
        <GatedButton
          why={roleWhy ?? (job.cancel_asked ? t('cancelAsked') : null)}
          look="danger"
          onClick={() => setAsking(true)}
        >
          {t('cancel.button')}
        </GatedButton>
      </div>
      {again.error && <ProblemNote problem={again.error} />}
      {isAsking && <CancelDialog job={job} onClose={() => setAsking(false)} />}
    </div>
  );
}

function CancelDialog({ job, onClose }: { readonly job: JobDetail; readonly onClose: () => void }) {
  const t = useTranslations('jobs');
  const tUi = useTranslations('ui');
  const cancel = useJobVerb();
  return (
    <Modal
      open
      onOpenChange={(wanted) => !wanted && onClose()}
      title={t('cancel.title')}
      description={t('cancel.description', { provider: job.provider, caller: job.caller })}
    >
      <div className="flex flex-col gap-4 p-5">
        {cancel.error && <ProblemNote problem={cancel.error} />}
        <div className="flex flex-row-reverse flex-wrap gap-2">
          <Button
            look="danger-solid"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate({ verb: 'cancel', id: job.id }, { onSuccess: onClose })}
            className="min-h-10 px-5"
          >
            {t('cancel.confirm')}
          </Button>
          <Button data-first onClick={onClose} className="min-h-10">
            {tUi('cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
