import type { Policy, Stage } from './policy/policy';
import { sameWeights, shareOf, type Weights } from './weights';

/** Weights equal to a stage's are that stage; a share of 0 is the baseline, or rolled back while latched. */
export function stageOf(weights: Weights, policy: Policy, latched: readonly string[]): string {
  const stage = policy.stages.find((each) => sameWeights(each.weights, weights));
  if (stage) return stage.name;
  const resting = sameWeights(weights, policy.rollback) || !isLive(weights, policy);
  if (!resting) return 'custom';
  return latched.length > 0 ? 'rolled_back' : 'baseline';
}

export function stageNamed(name: string, policy: Policy): Stage | null {
  return policy.stages.find((each) => each.name === name) ?? null;
}

/** The step after a stage or state; from anything that is no stage it is the first. null after the last. */
export function nextStage(name: string, policy: Policy): Stage | null {
  const index = policy.stages.findIndex((each) => each.name === name);
  return policy.stages[index + 1] ?? null;
}

/** A stage without an end is judged for as long as it lasts, so chance gets more tries there. */
export function isEndless(name: string, policy: Policy): boolean {
  return (stageNamed(name, policy)?.observeSeconds ?? null) === null;
}

/** Whether anything is routed to a candidate. */
export function isLive(weights: Weights, { candidates }: Policy): boolean {
  return candidates.some((arm) => shareOf(weights, arm) > 0);
}

/** Whether any candidate takes more than it would after a rollback. */
export function canRollBack(weights: Weights, policy: Policy): boolean {
  return policy.candidates.some((arm) => shareOf(weights, arm) > shareOf(policy.rollback, arm));
}

/** Whether any candidate takes more than before. */
export function raisesCandidate(from: Weights, to: Weights, policy: Policy): boolean {
  return policy.candidates.some((arm) => shareOf(to, arm) > shareOf(from, arm));
}
