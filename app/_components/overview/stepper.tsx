'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/rollout/snapshot';
import { stepsOf } from '../state/steps';
import { StepItem } from './step-item';

export function Stepper({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('stepper');
  return (
    <ol aria-label={t('label')} className="grid gap-2 sm:auto-cols-fr sm:grid-flow-col">
      {stepsOf(snapshot).map((step) => (
        <StepItem key={step.name} step={step} snapshot={snapshot} />
      ))}
    </ol>
  );
}
