'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useNamingSplit } from '@/app/_queries/splits';
import { useVerb } from '@/app/_queries/verbs';
import type { Snapshot } from '@/lib/api/snapshot';
import { BlockerList } from '../overview/blocker-list';
import { withArmAgain } from '../state/arm-moves';
import { mayOverride } from '../state/may';
import { formOf } from './form-of';
import { OverrideBox } from './override-box';
import { ReasonDialog } from './reason-dialog';
import { SplitChange } from './split-change';
import { StaleStory } from './stale-story';

interface ArmRearmDialogProps {
  readonly arm: string;
  readonly seen: Snapshot;
  readonly onClose: () => void;
}

/** An arm that begins again takes traffic at once, so what would make that unsafe is asked about first. */
export function ArmRearmDialog({ arm, seen, onClose }: ArmRearmDialogProps) {
  const named = useNamingSplit();
  const t = useTranslations('arms.rearm');
  const role = (useSnapshot() ?? seen).me.role;
  const [override, setOverride] = useState(false);
  const verb = useVerb();
  const moved = verb.error?.status === 412 ? verb.error.body : null;
  const blockers = verb.error?.code === 'gate-closed' ? (verb.error.body.blockers ?? []) : [];
  const closed = blockers.length > 0;
  const send = (reason: string) =>
    verb.mutate(
      { verb: 'rearm', arm, reason, override: override && closed, version: seen.version },
      { onSuccess: onClose },
    );
  return (
    <ReasonDialog
      form={formOf('rearm', seen, arm)}
      title={named(t('title', { arm }))}
      description={t('description')}
      confirm={closed && override ? t('confirmOverride', { arm }) : t('confirm', { arm })}
      required
      pending={verb.isPending}
      problem={moved || closed ? null : verb.error}
      story={moved && <StaleStory seen={seen} moved={moved} />}
      question={
        <>
          <SplitChange from={seen.weights} to={withArmAgain(seen, arm)} baseline={seen.baseline} />
          {closed && <BlockerList blockers={blockers} />}
          {closed && (
            <OverrideBox label={t('override')} checked={override} onChange={setOverride} allowed={mayOverride(role)} />
          )}
        </>
      }
      unanswered={closed && !override}
      onClose={onClose}
      onConfirm={send}
    />
  );
}
