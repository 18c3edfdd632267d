'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useKeptReason } from '@/app/_queries/kept';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useNamingSplit } from '@/app/_queries/splits';
import { useVerb } from '@/app/_queries/verbs';
import type { Snapshot } from '@/lib/api/snapshot';
import { OverrideBox } from '../actions/override-box';
import { SplitChange } from '../actions/split-change';
import { StaleStory } from '../actions/stale-story';
import { BlockerList } from '../overview/blocker-list';
import { mayOverride } from '../state/may';
import { Button } from '../ui/button';
import { Modal } from '../ui/modal';
import { ProblemNote } from '../ui/problem-note';
import { ReasonField } from '../ui/reason-field';

interface WeightsDialogProps {
  readonly seen: Snapshot;
  readonly weights: Readonly<Record<string, number>>;
  readonly onClose: () => void;
}

/** Before and after, with a reason; raising the candidate meets the gates of an advance, and says which are closed. */
export function WeightsDialog({ seen, weights, onClose }: WeightsDialogProps) {
  const named = useNamingSplit();
  const t = useTranslations('weights');
  const tUi = useTranslations('ui');
  const role = (useSnapshot() ?? seen).me.role;
  const { value: reason, set: setReason, isOld } = useKeptReason(`weights:${seen.version}`);
  const [override, setOverride] = useState(false);
  const verb = useVerb();
  const moved = verb.error?.status === 412 ? verb.error.body : null;
  const blockers = verb.error?.code === 'gate-closed' ? (verb.error.body.blockers ?? []) : [];
  const closed = blockers.length > 0;
  const ready = reason.trim() !== '' && !moved && (!closed || override);
  const send = () =>
    verb.mutate(
      { verb: 'weights', weights, reason: reason.trim(), override: override && closed, version: seen.version },
      { onSuccess: onClose },
    );
  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title={named(t('dialogTitle'))}
      description={t('dialogDescription')}
    >
      <form
        className="flex flex-col gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) send();
        }}
      >
        <SplitChange from={seen.weights} to={weights} baseline={seen.baseline} />
        <ReasonField value={reason} onChange={setReason} required isOld={isOld} first />
        {closed && <BlockerList blockers={blockers} />}
        {closed && <OverrideBox checked={override} onChange={setOverride} allowed={mayOverride(role)} />}
        {moved && <StaleStory seen={seen} moved={moved} />}
        {verb.error && !moved && !closed && <ProblemNote problem={verb.error} />}
        <div className="flex flex-row-reverse flex-wrap gap-2">
          <Button type="submit" look="solid" disabled={!ready || verb.isPending} className="min-h-10 px-5">
            {closed && override ? t('confirmOverride') : t('confirm')}
          </Button>
          <Button onClick={onClose} className="min-h-10">
            {tUi('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
