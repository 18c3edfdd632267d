import type { Policy } from '@/lib/rollout/policy';
import type { SplitRow } from './ports';

/** A split without a row stands where a rollback would put it; version 0 says that the next write makes the row. */
export function missingSplit(policy: Policy): SplitRow {
  return {
    version: 0,
    weights: policy.rollback,
    stage: 'baseline',
    stageStartedAtMs: null,
    stageBy: null,
    rolloutStartedAtMs: null,
    pausedAtMs: null,
    pausedBy: null,
    pauseReason: null,
    pausedSeconds: 0,
    latched: false,
    latchedAtMs: null,
    latchedBy: null,
    latchReason: null,
    latchJournalId: null,
    baselineCostUsd: null,
    updatedAtMs: 0,
    weightsFault: null,
  };
}
