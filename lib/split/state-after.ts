import type { Policy } from './policy/policy';
import { isLive, stageNamed, stageOf } from './stages';
import { type Arms, latchedArms, type RolloutState, untouchedArm } from './state';
import { sameWeights, type Weights } from './weights';

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
  arms: Object.fromEntries(policy.candidates.map((arm) => [arm, untouchedArm])),
});

/** What the database's trigger makes of a write of weights: clocks, stage and latch. */
export function stateAfter(state: RolloutState, weights: Weights, policy: Policy, atMs: number): RolloutState {
  const version = state.version + 1;
  if (sameWeights(state.weights, weights)) return { ...state, version };
  const [wasLive, becomesLive] = [isLive(state.weights, policy), isLive(weights, policy)];
  const fell = sameWeights(weights, policy.rollback) && (wasLive || stageNamed(state.stage, policy) !== null);
  const latched = fell || (state.latched && !becomesLive);
  const begins = becomesLive && !wasLive;
  const rolloutStartedAtMs = begins ? atMs : state.rolloutStartedAtMs;
  const latchedAtMs = !latched ? null : fell ? atMs : latchedAtOf(state.arms);
  const arms = Object.fromEntries(
    policy.candidates.map((arm) => [arm, { ...untouchedArm, rolloutStartedAtMs, latchedAtMs }]),
  );
  return {
    version,
    weights,
    stage: stageOf(weights, policy, latchedArms(arms)),
    rolloutStartedAtMs,
    stageStartedAtMs: atMs,
    pausedAtMs: null,
    pausedSeconds: 0,
    latched,
    baselineCostUsd: begins ? null : state.baselineCostUsd,
    arms,
  };
}

const latchedAtOf = (arms: Arms): number | null =>
  Object.values(arms).find(({ latchedAtMs }) => latchedAtMs !== null)?.latchedAtMs ?? null;
