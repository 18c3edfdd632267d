'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useWhatIf } from '@/app/_queries/policy';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { Choice } from '../settings/choice';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { StaleMark } from './stale-mark';
import { WhatIfResult } from './what-if-result';

const spans = [1, 3, 7, 10] as const;

/** The replay of the last days by the policy in the form, saved or not. */
export function WhatIfPanel({ policy, complete }: { readonly policy: PolicyWire; readonly complete: boolean }) {
  const t = useTranslations('policy');
  const [days, setDays] = useState<number>(7);
  const [asked, setAsked] = useState<PolicyWire | null>(null);
  const whatIf = useWhatIf();
  return (
    <Panel title={t('whatIf')}>
      <p className="text-muted text-sm">{t('whatIfHint')}</p>
      <div className="mt-2 flex gap-2">
        <Choice
          aria-label={t('whatIf')}
          value={days}
          options={spans}
          word={(span) => t('days', { count: span })}
          onChange={setDays}
          className="w-auto!"
        />
        <Button
          look="solid"
          disabled={!complete || whatIf.isPending}
          onClick={() => {
            setAsked(policy);
            whatIf.mutate({ policy, days });
          }}
        >
          {whatIf.isPending ? t('running') : t('run')}
        </Button>
      </div>
      <div role="status" className="mt-2">
        {whatIf.error && <ProblemNote problem={whatIf.error} />}
        {whatIf.data && asked !== null && <StaleMark asked={asked} policy={policy} />}
        {whatIf.data && <WhatIfResult report={whatIf.data} />}
      </div>
    </Panel>
  );
}
