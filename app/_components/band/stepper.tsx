'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { stepsOf } from '../state/steps';
import { StepItem } from './step-item';

export function Stepper({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('stepper');
  return (
    <ol
      aria-label={t('label')}
      className="grid grid-cols-2 gap-x-2 gap-y-3 sm:auto-cols-fr sm:grid-flow-col sm:grid-cols-none"
    >
      {stepsOf(snapshot).map((step) => (
        <StepItem key={step.name} step={step} snapshot={snapshot} />
      ))}
    </ol>
  );
}
