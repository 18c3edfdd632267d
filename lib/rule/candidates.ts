import { type Policy, policyFor } from '@/lib/split/policy/policy';
import { type ArmState, type RolloutState, untouchedArm } from '@/lib/split/state';
import { shareOf } from '@/lib/split/weights';

/** Where a split stands, and by which plan. */
interface Standing {
  readonly state: RolloutState;
  readonly policy: Policy;
}

/** What is known of one candidate by the split's row and policy alone. */
export function standingOf({ state, policy }: Standing, arm: string) {
  const { rolloutStartedAtMs: startedAtMs, latchedAtMs } = armStateOf(state, policy, arm);
  const latched = state.latched || latchedAtMs !== null;
  return { policy: policyFor(policy, arm), startedAtMs, latched, among: begunWith(state, policy) };
}

/** Of an only candidate the row itself tells. */
function armStateOf(state: RolloutState, { candidates }: Policy, arm: string): ArmState {
  if (candidates.length === 1) return { ...untouchedArm, rolloutStartedAtMs: state.rolloutStartedAtMs };
  return state.arms[arm] ?? untouchedArm;
}

/** One that was rolled back meanwhile still counts: it had its chance of an error. */
function begunWith(state: RolloutState, { candidates }: Policy): number {
  const begun = candidates.filter((arm) => {
    const startMs = state.arms[arm]?.rolloutStartedAtMs ?? null;
    return startMs !== null && startMs >= (state.rolloutStartedAtMs ?? startMs);
  });
  return Math.max(1, begun.length);
}

/** Those that something is routed to and that were not rolled back alone; where that is none, all. */
export function judgedArms({ state, policy }: Standing): readonly string[] {
  const gone = latchedAlone(state, policy);
  const live = policy.candidates.filter((arm) => shareOf(state.weights, arm) > 0 && !gone.includes(arm));
  return live.length > 0 ? live : policy.candidates;
}

/** Candidates that were rolled back while others go on. */
export function latchedAlone({ latched, arms }: RolloutState, { candidates }: Policy): readonly string[] {
  return latched || candidates.length === 1 ? [] : candidates.filter((arm) => arms[arm]?.latchedAtMs != null);
}
