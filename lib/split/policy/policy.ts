import type { Weights } from '../weights';
import { type RedLine, usualLines } from './red-lines';

export type { RedLine };

export interface Stage {
  readonly name: string;
  readonly weights: Weights;
  /** null: the stage has no end. */
  readonly observeSeconds: number | null;
}

export interface Policy {
  readonly baseline: string;
  /** The arms being rolled out, at least one; the baseline is none of them. */
  readonly candidates: readonly string[];
  readonly stages: readonly Stage[];
  readonly rollback: Weights;
  readonly redLines: readonly RedLine[];
  readonly evidence: 'confirmed' | 'observed';
  /** What a breach that the baseline shares does: `block` keeps the weights and alerts, `act` rolls back all the same. */
  readonly sharedCause: 'block' | 'act';
  /** How much worse than the baseline the candidate may be before the early warning says so: 0.1 is a tenth. */
  readonly warningTolerance: number;
  readonly minRequests: number;
  /** How much of the last hour's traffic may be pinned to an arm before a stage without that arm is refused. */
  readonly maxPinned: number;
  readonly baselineCostUsd: number | null;
  readonly autoAdvance: boolean;
}

/** The policy as one candidate is judged by it. */
export interface ArmPolicy extends Policy {
  readonly candidate: string;
}

export function policyFor(policy: Policy, candidate: string): ArmPolicy {
  return { ...policy, candidate };
}

/** The first candidate's: the only one's in a split with two arms. */
export function firstArm(policy: Policy): ArmPolicy {
  return policyFor(policy, policy.candidates[0] ?? policy.baseline);
}

const hour = 3600;

export const defaultPolicy: Policy = {
  baseline: 'fal',
  candidates: ['runware'],
  stages: [
    { name: 'D1', weights: { fal: 0.9, runware: 0.1 }, observeSeconds: hour },
    { name: 'D2', weights: { fal: 0.5, runware: 0.5 }, observeSeconds: 3 * hour },
    { name: 'D3', weights: { fal: 0, runware: 1 }, observeSeconds: null },
  ],
  rollback: { fal: 1, runware: 0 },
  redLines: usualLines.image,
  evidence: 'confirmed',
  sharedCause: 'block',
  warningTolerance: 0,
  maxPinned: 0.05,
  minRequests: 150,
  baselineCostUsd: null,
  autoAdvance: false,
};
