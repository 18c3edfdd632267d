'use client';

import { useState } from 'react';
import type { PolicyView } from '@/app/_queries/policy';
import { isComplete } from '../state/policy-draft';
import { PreflightPanel } from './preflight-panel';
import { RedLineFields } from './red-line-fields';
import { RuleFields } from './rule-fields';
import { SavePolicy } from './save-policy';
import { StageFields } from './stage-fields';
import { WhatIfPanel } from './what-if-panel';

/** A draft of the policy, what it would have done, and the way to make it judge. */
export function PolicyEditor({ view }: { readonly view: PolicyView }) {
  const [draft, setDraft] = useState(view.policy);
  // The fields keep their own text; a new key makes them read the draft again.
  const [generation, setGeneration] = useState(0);
  const complete = isComplete(draft);
  const reset = () => {
    setDraft(view.policy);
    setGeneration(generation + 1);
  };
  return (
    <>
      <div key={generation} className="grid grid-cols-1 gap-3 lg:grid-cols-2">
        <RedLineFields policy={draft} onChange={setDraft} />
        <StageFields policy={draft} onChange={setDraft} />
        <RuleFields policy={draft} onChange={setDraft} />
        <div className="grid content-start gap-3">
          <WhatIfPanel policy={draft} complete={complete} />
          <PreflightPanel policy={draft} complete={complete} />
        </div>
      </div>
      <SavePolicy view={view} draft={draft} complete={complete} onReset={reset} />
    </>
  );
}
