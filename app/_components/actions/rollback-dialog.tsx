'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useKeptReason } from '@/app/_queries/kept';
import { useFreshness } from '@/app/_queries/server-now';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useNamingSplit } from '@/app/_queries/splits';
import { useVerb } from '@/app/_queries/verbs';
import type { Snapshot } from '@/lib/api/snapshot';
import { withoutArm } from '../state/arm-moves';
import { Button } from '../ui/button';
import { Modal } from '../ui/modal';
import { ReasonField } from '../ui/reason-field';
import { BreakGlass } from './break-glass';
import { formOf } from './form-of';
import { RollbackFailed } from './rollback-failed';
import { SplitChange } from './split-change';
import { useSlow } from './use-slow';

const patienceMs = 3_000;

interface RollbackDialogProps {
  /** The only arm that goes; left out, all of them. */
  readonly arm?: string;
  readonly onClose: () => void;
}

/** One confirm. The reason may stay empty; the journal then says where it came from. */
export function RollbackDialog({ arm, onClose }: RollbackDialogProps) {
  const named = useNamingSplit();
  const t = useTranslations('rollback');
  const words = useWords(arm);
  const snapshot = useSnapshot();
  // The dialog opens before anything is known, too; what comes while it is open changes nothing of what it is of.
  const [form] = useState(() => (snapshot ? formOf('rollback', snapshot, arm) : 'rollback'));
  const { value: reason, set: setReason, isOld } = useKeptReason(form);
  const verb = useVerb();
  const { isAway } = useFreshness();
  const slow = useSlow(verb.isPending, patienceMs);
  const send = () =>
    verb.mutate(
      { verb: 'rollback', ...(arm === undefined ? {} : { arm }), reason: reason.trim() || words.reason },
      { onSuccess: onClose },
    );
  const to = snapshot && weightsAfter(snapshot, arm);

  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title={named(words.title)} description={words.description}>
      <form
        className="flex flex-col gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {snapshot && to && <SplitChange from={snapshot.weights} to={to} baseline={snapshot.baseline} />}
        <ReasonField value={reason} onChange={setReason} required={false} isOld={isOld} />
        {isAway && verb.isIdle && (
          <p role="status" className="font-medium text-caution">
            {t('away')}
          </p>
        )}
        {slow && (
          <p role="alert" className="font-semibold text-caution">
            {t('slow')}
          </p>
        )}
        {verb.error && <RollbackFailed problem={verb.error} />}
        {(slow || verb.error || isAway) && <BreakGlass snapshot={snapshot} {...(arm === undefined ? {} : { arm })} />}
        <div className="flex flex-row-reverse flex-wrap justify-start gap-2">
          <Button data-first type="submit" look="danger-solid" disabled={verb.isPending} className="min-h-10 px-5">
            {verb.isPending ? t('sending') : verb.error ? t('again') : words.confirm}
          </Button>
          <Button onClick={onClose} className="min-h-10">
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function useWords(arm: string | undefined) {
  const all = useTranslations('rollback');
  const one = useTranslations('arms.rollback');
  const t = (key: 'title' | 'description' | 'confirm' | 'defaultReason') =>
    arm === undefined ? all(key) : one(key, { arm });
  return { title: t('title'), description: t('description'), confirm: t('confirm'), reason: t('defaultReason') };
}

function weightsAfter(snapshot: Snapshot, arm: string | undefined): Snapshot['weights'] {
  if (arm !== undefined) return withoutArm(snapshot, arm);
  const zeroed = Object.fromEntries(Object.keys(snapshot.weights).map((name) => [name, 0]));
  return { ...zeroed, [snapshot.baseline]: 1 };
}
