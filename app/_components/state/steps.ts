import type { Snapshot } from '@/lib/api/snapshot';
import { candidateShare } from './candidates';

export interface Step {
  readonly name: string;
  readonly share: number;
  readonly observeSeconds: number | null;
  readonly state: 'past' | 'current' | 'next' | 'future';
  readonly enteredAt: string | null;
  readonly by: string | null;
}

/** The plan with what comes before it: the baseline, or the state outside the plan that we are in. */
export function stepsOf(snapshot: Snapshot): readonly Step[] {
  const inPlan = snapshot.plan.some(({ name }) => name === snapshot.stage);
  const before: Step = {
    name: inPlan ? 'baseline' : snapshot.stage,
    share: inPlan ? 0 : candidateShare(snapshot),
    observeSeconds: null,
    state: inPlan ? 'past' : 'current',
    enteredAt: inPlan ? null : snapshot.stage_started_at,
    by: inPlan ? null : snapshot.stage_by,
  };
  return [
    before,
    ...snapshot.plan.map((step) => ({
      name: step.name,
      share: candidateShare(snapshot, step.weights),
      observeSeconds: step.observe_seconds,
      state: step.state,
      enteredAt: step.entered_at,
      by: step.by,
    })),
  ];
}
