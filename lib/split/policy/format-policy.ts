import { formatDuration } from '@/lib/kernel/duration';
import type { Weights } from '../weights';
import type { Metric } from './metrics';
import type { Policy, RedLine } from './policy';

/** A policy as GEN_ROLLOUT_POLICY stores it: durations as text, one of `limit` and `timesBaseline`. */
export interface PolicyWire {
  readonly baseline: string;
  /** The one candidate; several stand in `candidates`. Never both. */
  readonly candidate?: string;
  readonly candidates?: readonly string[];
  readonly stages: readonly StageWire[];
  readonly rollback: Weights;
  readonly redLines: readonly RedLineWire[];
  readonly evidence: 'confirmed' | 'observed';
  /** Left out where it is `block`. */
  readonly sharedCause?: 'block' | 'act';
  /** Left out where it is 0. */
  readonly warningTolerance?: number;
  readonly minRequests: number;
  /** Left out where it is 0.05. */
  readonly maxPinned?: number;
  readonly baselineCostUsd: number | null;
  readonly autoAdvance: boolean;
}

export interface StageWire {
  readonly name: string;
  readonly weights: Weights;
  readonly observe: string | null;
}

export interface RedLineWire {
  readonly metric: Metric;
  readonly limit?: number;
  readonly timesBaseline?: number;
  readonly window: string;
  readonly hold: string;
  /** Left out where it is `rollback`. */
  readonly action?: 'rollback' | 'signal';
}

export const usualMaxPinned = 0.05;

export function formatPolicy(policy: Policy): PolicyWire {
  return {
    baseline: policy.baseline,
    ...namedCandidates(policy.candidates),
    stages: policy.stages.map(({ name, weights, observeSeconds }) => ({
      name,
      weights,
      observe: observeSeconds === null ? null : formatDuration(observeSeconds),
    })),
    rollback: policy.rollback,
    redLines: policy.redLines.map(formatLine),
    evidence: policy.evidence,
    ...(policy.sharedCause === 'block' ? {} : { sharedCause: policy.sharedCause }),
    ...(policy.warningTolerance === 0 ? {} : { warningTolerance: policy.warningTolerance }),
    minRequests: policy.minRequests,
    ...(policy.maxPinned === usualMaxPinned ? {} : { maxPinned: policy.maxPinned }),
    baselineCostUsd: policy.baselineCostUsd,
    autoAdvance: policy.autoAdvance,
  };
}

export function formatLine(line: RedLine): RedLineWire {
  const { metric, limit, timesBaseline, windowSeconds, holdSeconds, action } = line;
  return {
    metric,
    ...(limit === null ? {} : { limit }),
    ...(timesBaseline === null ? {} : { timesBaseline }),
    window: formatDuration(windowSeconds),
    hold: formatDuration(holdSeconds),
    ...(action === 'rollback' ? {} : { action }),
  };
}

function namedCandidates(candidates: readonly string[]): Pick<PolicyWire, 'candidate' | 'candidates'> {
  const [only] = candidates;
  return candidates.length === 1 && only !== undefined ? { candidate: only } : { candidates };
}

export function candidatesOf({
  candidate,
  candidates,
}: Pick<PolicyWire, 'candidate' | 'candidates'>): readonly string[] {
  return candidates ?? (candidate === undefined ? [] : [candidate]);
}
