'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useNamingSplit } from '@/app/_queries/splits';
import { useAcknowledge, useVerb } from '@/app/_queries/verbs';
import type { Snapshot } from '@/lib/api/snapshot';
import { ReasonDialog } from '../actions/reason-dialog';
import { StaleStory } from '../actions/stale-story';
import { useRoleWhy } from '../actions/use-role-why';
import { GatedButton } from '../ui/gated-button';

interface SettleButtonProps {
  readonly snapshot: Snapshot;
  /** null: it was acknowledged already, or raised no alert. */
  readonly alertId: number | null;
  /** false: it was re-armed already. */
  readonly rearms: boolean;
}

/** Acknowledges the alert and re-arms, each by its own verb, for one reason. */
export function SettleButton({ snapshot, alertId, rearms }: SettleButtonProps) {
  const named = useNamingSplit();
  const t = useTranslations('incident.settle');
  const [seen, setSeen] = useState<Snapshot | null>(null);
  const acknowledge = useAcknowledge();
  const verb = useVerb();
  const why = useRoleWhy();
  const what = alertId === null ? 'rearm' : rearms ? 'both' : 'acknowledge';
  const close = () => {
    setSeen(null);
    acknowledge.reset();
    verb.reset();
  };
  const rearm = (reason: string, version: number) =>
    verb.mutate({ verb: 'rearm', reason, version }, { onSuccess: close });
  const send = (reason: string) => {
    if (seen === null) return;
    const next = () => (rearms ? rearm(reason, seen.version) : close());
    if (alertId === null || acknowledge.isSuccess) next();
    else acknowledge.mutate({ id: alertId, reason }, { onSuccess: next });
  };
  const moved = verb.error?.status === 412 ? verb.error.body : null;
  return (
    <>
      <GatedButton look="solid" why={why} onClick={() => setSeen(snapshot)}>
        {t(`${what}.button`)}
      </GatedButton>
      {seen && (
        <ReasonDialog
          form={`settle:${what}:${alertId ?? `version ${seen.version}`}`}
          title={named(t(`${what}.title`))}
          description={t(`${what}.description`)}
          confirm={t(`${what}.confirm`)}
          required
          pending={acknowledge.isPending || verb.isPending}
          problem={moved ? null : (verb.error ?? acknowledge.error)}
          story={moved && <StaleStory seen={seen} moved={moved} />}
          onClose={close}
          onConfirm={send}
        />
      )}
    </>
  );
}
