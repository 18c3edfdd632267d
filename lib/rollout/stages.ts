import type { Policy, Stage } from './policy';
import type { Weights } from './weights';

/** Shares that differ by less are the same share: rounding on the way through JSON must not change a stage. */
const tolerance = 1e-6;

export function shareOf(weights: Weights, provider: string): number {
  return weights[provider] ?? 0;
}

export function sameWeights(a: Weights, b: Weights): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => Math.abs(shareOf(a, name) - shareOf(b, name)) < tolerance);
}

/** Weights equal to a stage's are that stage; a share of 0 is the baseline, or rolled back while latched. */
export function stageOf(weights: Weights, policy: Policy, latched: boolean): string {
  const stage = policy.stages.find((each) => sameWeights(each.weights, weights));
  if (stage) return stage.name;
  const resting = sameWeights(weights, policy.rollback) || shareOf(weights, policy.candidate) === 0;
  if (!resting) return 'custom';
  return latched ? 'rolled_back' : 'baseline';
}

export function stageNamed(name: string, policy: Policy): Stage | null {
  return policy.stages.find((each) => each.name === name) ?? null;
}

/** The step after a stage or state; from anything that is no stage it is the first. null after the last. */
export function nextStage(name: string, policy: Policy): Stage | null {
  const index = policy.stages.findIndex((each) => each.name === name);
  return policy.stages[index + 1] ?? null;
}

/** The step before a stage; null before the first and for states that are no stage. */
export function previousStage(name: string, policy: Policy): Stage | null {
  const index = policy.stages.findIndex((each) => each.name === name);
  return index > 0 ? (policy.stages[index - 1] ?? null) : null;
}

/** A stage without an end is judged for as long as it lasts, so chance gets more tries there. */
export function isEndless(name: string, policy: Policy): boolean {
  return (stageNamed(name, policy)?.observeSeconds ?? null) === null;
}

/** Whether the candidate takes more than it would after a rollback. */
export function canRollBack(weights: Weights, policy: Policy): boolean {
  return shareOf(weights, policy.candidate) > shareOf(policy.rollback, policy.candidate) + tolerance;
}

export function raisesCandidate(from: Weights, to: Weights, policy: Policy): boolean {
  return shareOf(to, policy.candidate) > shareOf(from, policy.candidate) + tolerance;
}
