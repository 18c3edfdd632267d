import type { Snapshot } from '@/lib/api/snapshot';

type Split = Pick<Snapshot, 'weights' | 'baseline' | 'plan'>;
type Weights = Snapshot['weights'];

/** The weights once this arm alone is rolled back: what it had is the baseline's. */
export function withoutArm({ weights, baseline }: Split, arm: string): Weights {
  return moved(weights, baseline, arm, 0);
}

/** The weights once this arm alone is re-armed: with its share of the first stage that gives it one. */
export function withArmAgain({ weights, baseline, plan }: Split, arm: string): Weights {
  const first = plan.find((step) => (step.weights[arm] ?? 0) > 0);
  return moved(weights, baseline, arm, first?.weights[arm] ?? 0);
}

function moved(weights: Weights, baseline: string, arm: string, share: number): Weights {
  const rest = (weights[baseline] ?? 0) + (weights[arm] ?? 0) - share;
  return { ...weights, [baseline]: Number(Math.max(0, rest).toFixed(9)), [arm]: share };
}
