import type { Weights } from './weights';

/** What the split's row says, read in one statement with the database's now. Instants are epoch milliseconds. */
export interface RolloutState {
  readonly version: number;
  readonly weights: Weights;
  /** As the trigger recorded it: a stage name, `baseline`, `rolled_back` or `custom`. */
  readonly stage: string;
  /** When the candidate's share last left 0; null before the first rollout. */
  readonly rolloutStartedAtMs: number | null;
  readonly stageStartedAtMs: number | null;
  readonly pausedAtMs: number | null;
  /** Pauses of this stage that are over; a running one counts from `pausedAtMs`. */
  readonly pausedSeconds: number;
  readonly latched: boolean;
  /** The baseline's mean of the 24 h before the rollout, frozen when it began. */
  readonly baselineCostUsd: number | null;
}
