import type { Policy } from './policy/policy';
import { atRest, isLive, isUp, latchedArms, stageOf, stageWeights } from './stages';
import { type ArmState, type Arms, type RolloutState, untouchedArm } from './state';
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
  arms: Object.fromEntries(policy.candidates.map((arm) => [arm, untouchedArm])),
});

/** What the database's trigger (`sluice.keep_state`) makes of a write of other weights: clocks, stage and latches. */
export function stateAfter(
  state: RolloutState,
  weights: Weights,
  policy: Policy,
  atMs: number,
  isRollback = false,
): RolloutState {
  const version = state.version + 1;
  if (sameWeights(state.weights, weights)) return { ...state, version };
  const begins = isLive(weights, policy) && !isLive(state.weights, policy);
  const rests = atRest(weights, policy);
  const fell = rests && !atRest(state.weights, policy);
  const latched = rests && (fell || state.latched);
  const rolloutStartedAtMs = begins ? atMs : state.rolloutStartedAtMs;
  const arms = mirrored(armsAfter(state, weights, policy, atMs, isRollback), policy, {
    rolloutStartedAtMs,
    ...(latched ? (fell ? { latchedAtMs: atMs } : {}) : { latchedAtMs: null }),
  });
  const stage = stageOf(weights, policy, latchedArms(arms));
  const goesOn = !rests && stage === state.stage && hasFallenAlone(state.arms, arms);
  return {
    version,
    weights,
    stage,
    rolloutStartedAtMs,
    stageStartedAtMs: goesOn ? state.stageStartedAtMs : atMs,
    pausedAtMs: goesOn ? state.pausedAtMs : null,
    pausedSeconds: goesOn ? state.pausedSeconds : 0,
    latched,
    baselineCostUsd: begins ? null : state.baselineCostUsd,
    arms,
  };
}

/** With an arm that fell alone the others' observation goes on: nothing about them has changed. */
const hasFallenAlone = (was: Arms, arms: Arms): boolean =>
  Object.keys(arms).some((arm) => arms[arm]?.latchedAtMs !== null && (was[arm]?.latchedAtMs ?? null) === null);

/**
 * The candidates' own parts after a write of other weights, where there are several. One that gets a share begins or
 * is re-armed; one that is rolled back, or falls although no stage of the plan puts it there, is latched alone; when all
 * are down, all are.
 */
function armsAfter(
  { weights: was, arms }: Pick<RolloutState, 'weights' | 'arms'>,
  weights: Weights,
  policy: Policy,
  atMs: number,
  isRollback: boolean,
): Arms {
  const fell = atRest(weights, policy) && !atRest(was, policy);
  const raised = policy.candidates.map((arm): readonly [string, ArmState] => {
    const known = arms[arm] ?? untouchedArm;
    const rearmed = known.latchedAtMs !== null && isUp(weights, policy, arm);
    const begins = shareOf(weights, arm) > 0 && (rearmed || shareOf(was, arm) === 0);
    return [
      arm,
      {
        ...(rearmed ? untouchedArm : known),
        rolloutStartedAtMs: begins ? atMs : known.rolloutStartedAtMs,
      },
    ];
  });
  const out = latchedArms(Object.fromEntries(raised));
  const planned = (arm: string) =>
    policy.stages.some(
      (stage) => !isUp(stage.weights, policy, arm) && sameWeights(stageWeights(stage, policy, out), weights),
    );
  return Object.fromEntries(
    raised.map(([arm, known]) => {
      const fellAlone = isUp(was, policy, arm) && !isUp(weights, policy, arm) && (isRollback || !planned(arm));
      return [arm, known.latchedAtMs === null && (fell || fellAlone) ? { ...known, latchedAtMs: atMs } : known];
    }),
  );
}

/** Of an only candidate the arm says what the row says. */
function mirrored(arms: Arms, { candidates }: Policy, row: Partial<ArmState>): Arms {
  const [only] = candidates;
  if (candidates.length > 1 || only === undefined) return arms;
  return { [only]: { ...(arms[only] ?? untouchedArm), ...row } };
}
