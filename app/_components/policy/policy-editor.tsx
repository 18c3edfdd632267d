'use client';

import { useState } from 'react';
import { useKept } from '@/app/_queries/kept';
import type { PolicyView } from '@/app/_queries/policy';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { isComplete, sameDraft } from '../state/policy/policy-draft';
import { FieldFaults, PolicyFaults } from './form/field-faults';
import { RedLineFields } from './form/red-line-fields';
import { RuleFields } from './form/rule-fields';
import { StageFields } from './form/stage-fields';
import { PolicyHistory } from './policy-history';
import { PreflightPanel } from './preflight-panel';
import { SavePolicy } from './save-policy';
import { SavedMeanwhile } from './saved-meanwhile';
import { usePolicyFaults } from './use-policy-faults';
import { WhatIfPanel } from './what-if-panel';

/** A draft of the policy, what it would have done, and the way to make it judge. */
export function PolicyEditor({ latest }: { readonly latest: PolicyView }) {
  // What the draft began with: another operator may save meanwhile.
  const [view, setView] = useState(latest);
  const { version, policy } = view;
  const kept = useKept('policy', { version, policy }, (one) => one.version === version && isComplete(one.policy));
  const draft = kept.value.policy;
  const isNewer = latest.version !== version;
  const begin = (becomes: PolicyWire) => {
    setView(latest);
    kept.set({ version: latest.version, policy: becomes });
  };
  const [saved, setSaved] = useState<{ readonly over: number; readonly policy: PolicyWire } | null>(null);
  // Nothing is lost by beginning anew where nothing was written, or where what was is saved.
  const own = saved?.over === version ? saved.policy : policy;
  const isSaved = [policy, latest.policy, own].some((other) => sameDraft(draft, other));
  if (isNewer && isSaved) begin(latest.policy);
  const setDraft = (changed: PolicyWire) => kept.set({ version, policy: changed });
  // The fields keep their own text; a new key makes them read the draft again.
  const [generation, setGeneration] = useState(0);
  const complete = isComplete(draft);
  const faults = usePolicyFaults(view.policy, draft);
  const load = (other: PolicyWire) => {
    setDraft(other);
    setGeneration(generation + 1);
  };
  return (
    <PolicyFaults value={faults}>
      <div
        key={`${version} ${generation} ${kept.isFound}`}
        className="grid grid-cols-1 gap-3 xl:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)]"
      >
        <RedLineFields policy={draft} onChange={setDraft} />
        <StageFields policy={draft} onChange={setDraft} />
        <RuleFields policy={draft} onChange={setDraft} />
        <div className="grid content-start gap-3">
          <WhatIfPanel policy={draft} complete={complete} />
          <PreflightPanel policy={draft} complete={complete} />
        </div>
      </div>
      {isNewer && (
        <SavedMeanwhile was={policy} latest={latest} onKeep={() => begin(draft)} onDrop={() => begin(latest.policy)} />
      )}
      <div>
        {['baseline', 'candidate', 'candidates', 'rollback'].map((place) => (
          <FieldFaults key={place} of={place} />
        ))}
        <SavePolicy
          view={view}
          draft={draft}
          complete={complete}
          isOld={kept.isOld}
          faults={faults}
          onReset={() => load(view.policy)}
          onSaved={() => setSaved({ over: version, policy: draft })}
        />
      </div>
      <PolicyHistory now={latest} onRestore={load} />
    </PolicyFaults>
  );
}
