'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { ProblemBody } from '@/app/_queries/api';
import { useKeptReason } from '@/app/_queries/kept';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useNamingSplit } from '@/app/_queries/splits';
import { useVerb } from '@/app/_queries/verbs';
import type { Snapshot } from '@/lib/api/snapshot';
import { latestChange } from '../band/latest-change';
import { BlockerList } from '../overview/blocker-list';
import { mayOverride } from '../state/may';
import { useStageName } from '../state/use-stage-name';
import { Button } from '../ui/button';
import { Modal } from '../ui/modal';
import { ProblemNote } from '../ui/problem-note';
import { ReasonField } from '../ui/reason-field';
import { AdvanceNumbers } from './advance-numbers';
import { formOf } from './form-of';
import { OverrideBox } from './override-box';
import { SplitChange } from './split-change';
import { StaleStory } from './stale-story';
import { TypedTarget } from './typed-target';

/** The stream may bring the news before the API refuses. */
function movedSince(seen: Snapshot, latest: Snapshot): ProblemBody | null {
  if (latest.version === seen.version) return null;
  const { version, weights } = latest;
  return { version, weights, ...latestChange(latest) };
}

/** `seen` is what the operator decided on: its version goes with the write, whatever has come since. */
export function AdvanceDialog({ seen, onClose }: { readonly seen: Snapshot; readonly onClose: () => void }) {
  const named = useNamingSplit();
  const t = useTranslations('advance');
  const stageName = useStageName();
  const latest = useSnapshot() ?? seen;
  const [typed, setTyped] = useState('');
  const { value: reason, set: setReason, isOld } = useKeptReason(formOf('advance', seen));
  const [override, setOverride] = useState(false);
  const verb = useVerb();
  const target = seen.next;
  if (!target) return null;

  const blockers = verb.error?.body.blockers ?? latest.blockers;
  const moved = verb.error?.status === 412 ? verb.error.body : verb.isIdle ? movedSince(seen, latest) : null;
  const closed = blockers.length > 0;
  // Without an override the numbers speak for themselves; with one, a person does.
  const ready = typed === target.name && (!closed || (override && reason.trim() !== '')) && !moved;
  const send = () =>
    verb.mutate(
      {
        verb: 'advance',
        to: target.name,
        reason: reason.trim() || t('defaultReason'),
        override: override && closed,
        version: seen.version,
      },
      { onSuccess: onClose },
    );

  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title={named(t('title', { from: stageName(seen.stage), to: stageName(target.name) }))}
      description={t('description')}
    >
      <form
        className="flex flex-col gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) send();
        }}
      >
        <SplitChange from={seen.weights} to={target.weights} baseline={seen.baseline} />
        <AdvanceNumbers snapshot={latest} />
        {closed && <BlockerList blockers={blockers} />}
        {closed && <OverrideBox checked={override} onChange={setOverride} allowed={mayOverride(latest.me.role)} />}
        <TypedTarget target={target.name} value={typed} onChange={setTyped} />
        <ReasonField value={reason} onChange={setReason} required={closed} isOld={isOld} />
        {moved && <StaleStory seen={seen} moved={moved} />}
        {verb.error && !moved && <ProblemNote problem={verb.error} />}
        <div className="flex flex-row-reverse flex-wrap gap-2">
          <Button type="submit" look="solid" disabled={!ready || verb.isPending} className="min-h-10 px-5">
            {override && closed ? t('confirmOverride', { to: target.name }) : t('confirm', { to: target.name })}
          </Button>
          <Button onClick={onClose} className="min-h-10">
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
