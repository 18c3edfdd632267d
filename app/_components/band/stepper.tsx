'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { candidateShare } from '../state/candidates';
import { stepsOf } from '../state/steps';
import { classes } from '../ui/classes';
import { StepItem } from './step-item';

export function Stepper({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('stepper');
  return (
    <ol
      aria-label={t('label')}
      className={classes(
        'grid grid-cols-2 gap-x-2 gap-y-3 sm:auto-cols-fr sm:grid-flow-col sm:grid-cols-none',
        // On a phone what to do after a rollback goes before a plan that stands still.
        (snapshot.latched !== null || (snapshot.story.rearmed !== null && candidateShare(snapshot) === 0)) &&
          'max-sm:hidden',
      )}
    >
      {stepsOf(snapshot).map((step) => (
        <StepItem key={step.name} step={step} snapshot={snapshot} />
      ))}
    </ol>
  );
}
