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
  // With what the draft began with: another operator may save meanwhile, also while this page is loaded anew.
  const from = { version: latest.version, was: latest.policy };
  const kept = useKept('policy', { ...from, policy: latest.policy }, isWhole);
  const { version, was, policy: draft } = kept.value;
  const isNewer = latest.version !== version;
  const begin = (becomes: PolicyWire) => kept.set({ ...from, policy: becomes });
  const [saved, setSaved] = useState<{ readonly over: number; readonly policy: PolicyWire } | null>(null);
  // Nothing is lost by beginning anew where nothing was written, or where what was is saved.
  const own = saved?.over === version ? saved.policy : was;
  const isSaved = [was, latest.policy, own].some((other) => sameDraft(draft, other));
  if (isNewer && isSaved) begin(latest.policy);
  const setDraft = (changed: PolicyWire) => kept.set({ version, was, policy: changed });
  // The fields keep their own text; a new key makes them read the draft again.
  const [generation, setGeneration] = useState(0);
  const complete = isComplete(draft);
  const faults = usePolicyFaults(was, draft);
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
        <SavedMeanwhile was={was} latest={latest} onKeep={() => begin(draft)} onDrop={() => begin(latest.policy)} />
      )}
      <div>
        {['baseline', 'candidate', 'candidates', 'rollback'].map((place) => (
          <FieldFaults key={place} of={place} />
        ))}
        <SavePolicy
          view={{ ...latest, version, policy: was }}
          draft={draft}
          complete={complete}
          isOld={kept.isOld}
          faults={faults}
          onReset={() => load(was)}
          onSaved={() => setSaved({ over: version, policy: draft })}
        />
      </div>
      <PolicyHistory now={latest} onRestore={load} />
    </PolicyFaults>
  );
}

interface Draft {
  readonly version: number;
  readonly was: PolicyWire;
  readonly policy: PolicyWire;
}

const isWhole = ({ was, policy }: Partial<Draft>): boolean =>
  was !== undefined && policy !== undefined && isComplete(policy);
