'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { useNamingSplit } from '@/app/_queries/splits';
import { useVerb } from '@/app/_queries/verbs';
import type { Snapshot } from '@/lib/api/snapshot';
import { GatedButton } from '../ui/gated-button';
import { formOf } from './form-of';
import { ReasonDialog } from './reason-dialog';
import { StaleStory } from './stale-story';
import { useRoleWhy } from './use-role-why';

interface ReasonButtonProps {
  readonly verb: 'pause' | 'resume' | 'rearm';
  readonly snapshot: Snapshot;
  readonly why?: string | null;
  /** What it would do here, where that is not plain. */
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}

/** Pause, resume and re-arm: the weights stay, the reason is journaled. */
export function ReasonButton({ verb, snapshot, why = null, hint, children }: ReasonButtonProps) {
  const named = useNamingSplit();
  const t = useTranslations(verb);
  const [seen, setSeen] = useState<Snapshot | null>(null);
  const write = useVerb();
  const roleWhy = useRoleWhy();
  const close = () => {
    setSeen(null);
    write.reset();
  };
  const moved = write.error?.status === 412 ? write.error.body : null;
  return (
    <>
      <GatedButton data-command={verb} title={hint} why={roleWhy ?? why} onClick={() => setSeen(snapshot)}>
        {children}
      </GatedButton>
      {seen && (
        <ReasonDialog
          form={formOf(verb, seen)}
          title={named(t('title'))}
          description={hint ?? t('description')}
          confirm={t('confirm')}
          required={verb === 'rearm'}
          pending={write.isPending}
          problem={moved ? null : write.error}
          story={moved && <StaleStory seen={seen} moved={moved} />}
          onClose={close}
          onConfirm={(reason) =>
            write.mutate({ verb, reason: reason || t('defaultReason'), version: seen.version }, { onSuccess: close })
          }
        />
      )}
    </>
  );
}
