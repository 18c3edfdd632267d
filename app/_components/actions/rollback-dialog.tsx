'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useNamingSplit } from '@/app/_queries/splits';
import { useVerb } from '@/app/_queries/verbs';
import { Button } from '../ui/button';
import { Modal } from '../ui/modal';
import { ReasonField } from '../ui/reason-field';
import { BreakGlass } from './break-glass';
import { RollbackFailed } from './rollback-failed';
import { SplitChange } from './split-change';
import { useSlow } from './use-slow';

const patienceMs = 3_000;

/** One confirm. The reason may stay empty; the journal then says where it came from. */
export function RollbackDialog({ onClose }: { readonly onClose: () => void }) {
  const named = useNamingSplit();
  const t = useTranslations('rollback');
  const snapshot = useSnapshot();
  const [reason, setReason] = useState('');
  const verb = useVerb();
  const slow = useSlow(verb.isPending, patienceMs);
  const send = () =>
    verb.mutate({ verb: 'rollback', reason: reason.trim() || t('defaultReason') }, { onSuccess: onClose });
  const to = snapshot && { ...zeroed(snapshot.weights), [snapshot.baseline]: 1 };

  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title={named(t('title'))} description={t('description')}>
      <form
        className="flex flex-col gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {snapshot && to && <SplitChange from={snapshot.weights} to={to} baseline={snapshot.baseline} />}
        <ReasonField value={reason} onChange={setReason} required={false} />
        {slow && (
          <p role="alert" className="font-semibold text-caution">
            {t('slow')}
          </p>
        )}
        {verb.error && <RollbackFailed problem={verb.error} />}
        {(slow || verb.error) && <BreakGlass snapshot={snapshot} />}
        <div className="flex flex-row-reverse flex-wrap justify-start gap-2">
          <Button data-first type="submit" look="danger-solid" disabled={verb.isPending} className="min-h-10 px-5">
            {verb.isPending ? t('sending') : verb.error ? t('again') : t('confirm')}
          </Button>
          <Button onClick={onClose} className="min-h-10">
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function zeroed(weights: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.keys(weights).map((provider) => [provider, 0]));
}
