import type { Policy } from './policy/policy';
import { stageNamed, stageOf } from './stages';
import type { RolloutState } from './state';
import { sameWeights, shareOf, type Weights } from './weights';

export const stateBefore = (policy: Policy): RolloutState => ({
  version: 0,
  weights: policy.rollback,
  stage: 'baseline',
  rolloutStartedAtMs: null,
  stageStartedAtMs: null,
  pausedAtMs: null,
  pausedSeconds: 0,
  latched: false,
  baselineCostUsd: null,
});

/** What the database's trigger makes of a write of weights: clocks, stage and latch. */
export function stateAfter(state: RolloutState, weights: Weights, policy: Policy, atMs: number): RolloutState {
  const version = state.version + 1;
  if (sameWeights(state.weights, weights)) return { ...state, version };
  const wasLive = shareOf(state.weights, policy.candidate) > 0;
  const isLive = shareOf(weights, policy.candidate) > 0;
  const fell = sameWeights(weights, policy.rollback) && (wasLive || stageNamed(state.stage, policy) !== null);
  const latched = fell || (state.latched && !isLive);
  const begins = isLive && !wasLive;
  return {
    version,
    weights,
    stage: stageOf(weights, policy, latched),
    rolloutStartedAtMs: begins ? atMs : state.rolloutStartedAtMs,
    stageStartedAtMs: atMs,
    pausedAtMs: null,
    pausedSeconds: 0,
    latched,
    baselineCostUsd: begins ? null : state.baselineCostUsd,
  };
}
