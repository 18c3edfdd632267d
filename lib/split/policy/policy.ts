import type { Weights } from '../weights';

/** What a red line can be about, in the order in which it is shown, and how its figures are written. */
export const units = {
  p95_latency_ms: 'ms',
  failure_rate: 'percent',
  cost_per_image: 'usd',
  regenerate_voucher_rate: 'percent',
} as const;

export type Metric = keyof typeof units;
export const metrics = Object.keys(units) as readonly Metric[];

export interface Stage {
  readonly name: string;
  readonly weights: Weights;
  /** null: the stage has no end. */
  readonly observeSeconds: number | null;
}

/** `limit` for an absolute line, `timesBaseline` for one relative to the baseline's cost; exactly one is set. */
export interface RedLine {
  readonly metric: Metric;
  readonly limit: number | null;
  readonly timesBaseline: number | null;
  readonly windowSeconds: number;
  readonly holdSeconds: number;
  /** `rollback` takes the candidate back by itself; `signal` alerts and blocks advance, and clears by itself. */
  readonly action: 'rollback' | 'signal';
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
const minute = 60;

export const defaultPolicy: Policy = {
  baseline: 'fal',
  candidates: ['runware'],
  stages: [
    { name: 'D1', weights: { fal: 0.9, runware: 0.1 }, observeSeconds: hour },
    { name: 'D2', weights: { fal: 0.5, runware: 0.5 }, observeSeconds: 3 * hour },
    { name: 'D3', weights: { fal: 0, runware: 1 }, observeSeconds: null },
  ],
  rollback: { fal: 1, runware: 0 },
  redLines: [
    {
      metric: 'p95_latency_ms',
      limit: 8000,
      timesBaseline: null,
      windowSeconds: 5 * minute,
      holdSeconds: 5 * minute,
      action: 'rollback',
    },
    {
      metric: 'failure_rate',
      limit: 0.02,
      timesBaseline: null,
      windowSeconds: 5 * minute,
      holdSeconds: 5 * minute,
      action: 'rollback',
    },
    {
      metric: 'cost_per_image',
      limit: null,
      timesBaseline: 1.2,
      windowSeconds: hour,
      holdSeconds: 10 * minute,
      action: 'rollback',
    },
    {
      metric: 'regenerate_voucher_rate',
      limit: 0.05,
      timesBaseline: null,
      windowSeconds: hour,
      holdSeconds: 10 * minute,
      action: 'rollback',
    },
  ],
  evidence: 'confirmed',
  sharedCause: 'block',
  warningTolerance: 0,
  minRequests: 150,
  baselineCostUsd: null,
  autoAdvance: false,
};
