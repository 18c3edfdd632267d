'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { ProblemBody } from '@/app/_queries/api';
import { type PolicyView, useSavePolicy } from '@/app/_queries/policy';
import { useNamingSplit } from '@/app/_queries/splits';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { ReasonDialog } from '../actions/reason-dialog';
import { useRoleWhy } from '../actions/use-role-why';
import { useServerSentence } from '../format/use-server-sentence';
import { sameDraft } from '../state/policy/policy-draft';
import { Button } from '../ui/button';
import { GatedButton } from '../ui/gated-button';
import { PolicyChanges } from './policy-changes';
import { SaveWarning, wordToSave } from './save-warning';

interface SavePolicyProps {
  readonly view: PolicyView;
  readonly draft: PolicyWire;
  readonly complete: boolean;
  /** The draft is of before the page was loaded anew. */
  readonly isOld: boolean;
  /** What is wrong with the draft, said at its fields. */
  readonly faults: readonly string[];
  readonly onReset: () => void;
  readonly onSaved: () => void;
}

/** When the API warns of what the policy would make of now and lately, that is shown, and typed to be saved. */
export function SavePolicy({ view, draft, complete, isOld, faults, onReset, onSaved }: SavePolicyProps) {
  const named = useNamingSplit();
  const t = useTranslations('policy');
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const save = useSavePolicy();
  const read = useServerSentence();
  const roleWhy = useRoleWhy();
  const unchanged = sameDraft(view.policy, draft);
  // Kept while the second attempt is under way.
  const [warning, setWarning] = useState<ProblemBody | null>(null);
  const warned = warning !== null;
  const close = () => {
    setOpen(false);
    setWarning(null);
    setTyped('');
    if (save.error) save.reset();
  };
  const done = () => {
    close();
    onSaved();
  };
  const why =
    roleWhy ??
    (unchanged ? t('unchanged') : complete ? (faults[0] === undefined ? null : read(faults[0])) : t('invalidDuration'));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <GatedButton
        look="solid"
        why={why}
        onClick={() => {
          save.reset();
          setOpen(true);
        }}
      >
        {t('save')}
      </GatedButton>
      {!unchanged && <Button onClick={onReset}>{t('reset')}</Button>}
      <span role="status" className="text-good text-sm">
        {save.isSuccess && unchanged && sameDraft(save.variables.policy, view.policy) ? t('saved') : ''}
      </span>
      {isOld && !unchanged && (
        <span role="status" className="text-muted text-sm">
          {t('kept')}
        </span>
      )}
      {open && (
        <ReasonDialog
          form={`policy-reason:${view.version}`}
          title={named(t('saveTitle'))}
          description={t('saveDescription')}
          confirm={warned ? t('saveAnyway') : t('saveConfirm')}
          required
          pending={save.isPending}
          problem={save.error?.code === 'confirmation-needed' ? null : save.error}
          question={
            <>
              <PolicyChanges was={view.policy} becomes={draft} />
              {warning && <SaveWarning body={warning} typed={typed} onType={setTyped} />}
            </>
          }
          unanswered={warned && typed.trim().toLowerCase() !== wordToSave}
          onClose={close}
          onConfirm={(reason) =>
            save.mutate(
              { policy: draft, reason, confirm: warned, version: view.version },
              { onSuccess: done, onError: (error) => error.code === 'confirmation-needed' && setWarning(error.body) },
            )
          }
        />
      )}
    </div>
  );
}
