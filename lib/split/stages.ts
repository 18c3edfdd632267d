import { excerpt } from '@/lib/kernel/excerpt';
import type { Policy, Stage } from './policy/policy';
import { type ArmState, type Arms, type RolloutState, untouchedArm } from './state';
import { normalise, sameWeights, shareOf, type Weights } from './weights';

/** Shares that differ by less are the same share. */
const dust = 1e-9;

export function latchedArms(arms: Arms): readonly string[] {
  return Object.keys(arms).filter((arm) => arms[arm]?.latchedAtMs != null);
}

/** Whether anything is routed to a candidate. */
export function isLive(weights: Weights, { candidates }: Policy): boolean {
  return candidates.some((arm) => shareOf(weights, arm) > 0);
}

/** Whether an arm takes more than it would after a rollback. */
export function isUp(weights: Weights, { rollback }: Pick<Policy, 'rollback'>, arm: string): boolean {
  return shareOf(weights, arm) - shareOf(rollback, arm) >= dust;
}

/** Whether there is nothing to roll back; as `sluice.at_rest` in SQL. */
export function atRest(weights: Weights, policy: Policy): boolean {
  if (sameWeights(weights, policy.rollback) || !isLive(weights, policy)) return true;
  return policy.candidates.length > 1 && !policy.candidates.some((arm) => isUp(weights, policy, arm));
}

/** Whether any candidate takes more than before. */
export function raisesCandidate(from: Weights, to: Weights, policy: Policy): boolean {
  return policy.candidates.some((arm) => shareOf(to, arm) > shareOf(from, arm));
}

/** These arms fall to what a rollback leaves them, the rest goes to the baseline, and no other arm moves. */
export function afterRollbackOf(weights: Weights, policy: Policy, arms: readonly string[]): Weights {
  const falling = policy.candidates.filter((arm) => arms.includes(arm) && isUp(weights, policy, arm));
  if (falling.length === 0) return weights;
  const after = withShares(weights, policy, policy.rollback, falling);
  // With the last of them the whole split is rolled back.
  return policy.candidates.some((arm) => isUp(after, policy, arm)) ? after : policy.rollback;
}

/** A stage as it is without what was rolled back. */
export function stageWeights(stage: Stage, policy: Policy, latched: readonly string[]): Weights {
  return afterRollbackOf(stage.weights, policy, latched);
}

/**
 * Weights equal to a stage's are that stage. So are those in which latched arms have nothing more than after a rollback,
 * and those in which a re-armed arm still lags, having an earlier stage's share: the furthest stage that fits. What
 * gives the candidates nothing is the baseline, or rolled back while all of them are latched.
 */
export function stageOf(weights: Weights, policy: Policy, latched: readonly string[]): string {
  if (atRest(weights, policy))
    return policy.candidates.every((arm) => latched.includes(arm)) ? 'rolled_back' : 'baseline';
  const out = policy.candidates.filter((arm) => latched.includes(arm) && !isUp(weights, policy, arm));
  const fitting =
    policy.stages.findLast((stage) => fits(weights, stage, policy, out)) ??
    policy.stages.findLast((stage) => {
      const behind = behindOf(weights, stage, policy, out);
      return behind.length > 0 && fits(weights, stage, policy, [...out, ...behind]);
    });
  return fitting?.name ?? 'custom';
}

/** The candidates that were rolled back and are missing from the stage that the others stand at. */
export function withoutArms(weights: Weights, policy: Policy, latched: readonly string[]): readonly string[] {
  const stage = stageNamed(stageOf(weights, policy, latched), policy);
  if (stage === null) return [];
  return policy.candidates.filter(
    (arm) => latched.includes(arm) && !isUp(weights, policy, arm) && isUp(stage.weights, policy, arm),
  );
}

/** The candidates that have an earlier stage's share: they were re-armed while the others had gone on. */
export function laggingArms(weights: Weights, policy: Policy, latched: readonly string[]): readonly string[] {
  const stage = stageNamed(stageOf(weights, policy, latched), policy);
  if (stage === null) return [];
  const out = policy.candidates.filter((arm) => latched.includes(arm) && !isUp(weights, policy, arm));
  return policy.candidates.filter(
    (arm) => !out.includes(arm) && shareOf(stage.weights, arm) - shareOf(weights, arm) >= dust,
  );
}

/** Back at the first stage that gives it something, its share taken from the baseline; a sentence where it has too little. */
export function rearmedWeights(weights: Weights, policy: Policy, arm: string): Weights | string {
  if (!policy.candidates.includes(arm))
    return `${excerpt(arm)} is no candidate of this split; its candidates are: ${policy.candidates.join(', ')}`;
  const first = policy.stages.find((stage) => isUp(stage.weights, policy, arm));
  if (first === undefined || isUp(weights, policy, arm)) return weights;
  const share = shareOf(first.weights, arm);
  const left = shareOf(weights, policy.baseline);
  if (share - shareOf(weights, arm) - left >= dust)
    return `${arm} begins again with ${percent(share)}, its share at ${first.name}, and ${policy.baseline} has only ${percent(left)} to give; lower another arm first`;
  return withShares(weights, policy, first.weights, [arm]);
}

export function stageNamed(name: string, policy: Policy): Stage | null {
  return policy.stages.find((each) => each.name === name) ?? null;
}

/** The step after a stage or state; from anything that is no stage it is the first. null after the last. */
export function nextStage(name: string, policy: Policy): Stage | null {
  const index = policy.stages.findIndex((each) => each.name === name);
  return policy.stages[index + 1] ?? null;
}

/** The step that advancing takes, with the weights to write: the same stage in full while an arm lags, else the next. */
export function nextStep(
  { stage, weights }: { readonly stage: string; readonly weights: Weights },
  policy: Policy,
  latched: readonly string[],
): Stage | null {
  const isLagging = laggingArms(weights, policy, latched).length > 0;
  const next = isLagging ? stageNamed(stage, policy) : nextStage(stage, policy);
  if (next === null) return null;
  const isAny = policy.candidates.some((arm) => !latched.includes(arm));
  return { ...next, weights: isAny ? stageWeights(next, policy, latched) : next.weights };
}

/** A stage without an end is judged for as long as it lasts, so chance gets more tries there. */
export function isEndless(name: string, policy: Policy): boolean {
  return (stageNamed(name, policy)?.observeSeconds ?? null) === null;
}

/** Some arms get the shares they have in other weights; the baseline gives or takes the difference. */
function withShares(weights: Weights, { baseline }: Policy, from: Weights, arms: readonly string[]): Weights {
  if (arms.length === 0) return weights;
  const moved = Object.fromEntries(arms.map((arm) => [arm, shareOf(from, arm)]));
  const freed = arms.reduce((sum, arm) => sum + shareOf(weights, arm) - shareOf(from, arm), 0);
  return normalise({ ...weights, ...moved, [baseline]: shareOf(weights, baseline) + freed });
}

const fits = (weights: Weights, stage: Stage, policy: Policy, aside: readonly string[]): boolean =>
  sameWeights(withShares(stage.weights, policy, weights, aside), weights);

/** Candidates at an earlier stage's share; none where all are, for then they are all at that stage. */
function behindOf(weights: Weights, stage: Stage, policy: Policy, out: readonly string[]): readonly string[] {
  const before = policy.stages.slice(0, policy.stages.indexOf(stage));
  const live = policy.candidates.filter((arm) => !out.includes(arm) && isUp(stage.weights, policy, arm));
  const behind = live.filter(
    (arm) =>
      isUp(weights, policy, arm) && !isAt(weights, stage, arm) && before.some((each) => isAt(weights, each, arm)),
  );
  return behind.length < live.length ? behind : [];
}

const isAt = (weights: Weights, stage: Stage, arm: string): boolean =>
  Math.abs(shareOf(weights, arm) - shareOf(stage.weights, arm)) < dust;

const percent = (share: number): string => `${Math.round(share * 1e6) / 1e4} %`;

/** Where a split stands, and by which plan. */
interface Standing {
  readonly state: RolloutState;
  readonly policy: Policy;
}

/** What is known of one candidate by the split's row and policy alone. */
export function standingOf({ state, policy }: Standing, arm: string) {
  const { rolloutStartedAtMs: startedAtMs, latchedAtMs } = armStateOf(state, policy, arm);
  const latched = state.latched || latchedAtMs !== null;
  return { policy: { ...policy, candidate: arm }, startedAtMs, latched, among: begunWith(state, policy) };
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
