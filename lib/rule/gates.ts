import { durationText } from '@/lib/kernel/duration';
import { excerpt } from '@/lib/kernel/excerpt';
import { observation } from '@/lib/split/observation';
import { countedBy } from '@/lib/split/policy/metrics';
import type { Policy, Stage } from '@/lib/split/policy/policy';
import { judgedArms, latchedAlone, latchedArms, nextStep, raisesCandidate, stageNamed } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { sameWeights, shareOf, type Weights } from '@/lib/split/weights';
import type { Blocker, BlockerCode } from './blocker';
import { explain, explainWarning } from './explain';
import { isCrossed } from './hold';
import type { Decision } from './verdict';

/** What the gates ask of the world besides the verdicts. */
export interface GateFacts {
  readonly state: RolloutState;
  readonly policy: Policy;
  readonly nowMs: number;
  /** First attempts assigned to each candidate since the stage began. */
  readonly stageRequests: Readonly<Record<string, number>>;
  readonly watchdogAlive: boolean;
  readonly watchdogSilentSeconds: number | null;
  readonly unacknowledgedAlerts: number;
  /** Why a provider cannot be trusted with traffic (no key, failing probe); null when it can. */
  readonly providerFaults: Readonly<Record<string, string | null>>;
  readonly policyFault: string | null;
  readonly seenByAll: boolean;
  /** Of the last hour's requests, how much was pinned to each arm; left out: nothing was. */
  readonly pinned?: Readonly<Record<string, number>>;
}

/** What was judged, as far as the gates ask for it. */
export type Judged = Pick<Decision, 'lines' | 'warnings'>;

const block = (code: BlockerCode, detail: string, params: Blocker['params'] = {}): Blocker => ({
  code,
  detail,
  params,
});

/** The stage that advancing leads to: from `custom` and `baseline` the first one. */
export function advanceTarget(state: RolloutState, policy: Policy): Stage | null {
  return nextStep(state, policy, latchedArms(state.arms));
}

/** Everything that refuses the next step; empty when every gate is open. */
export function advanceBlockers(facts: GateFacts, judged: Judged): Blocker[] {
  const { state, policy } = facts;
  if (state.latched) return [latchBlocker];
  if (advanceTarget(state, policy) === null)
    return [block('last_stage', `${state.stage} is the last stage of the plan: there is nothing to advance to.`)];
  return [
    ...stageBlockers(facts, judged),
    ...warningBlockers(facts, judged),
    ...pinnedBlockers(facts),
    ...systemBlockers(facts),
  ];
}

/** What an arm that takes traffic again at once must not go without, whatever stage the others stand at. */
export function rearmBlockers(facts: GateFacts, arm: string): Blocker[] {
  return [...pauseBlockers(facts), ...systemBlockers(facts, arm)];
}

/** The same gates for a write of weights by hand; lowering the candidate obeys none. */
export function weightsBlockers(facts: GateFacts, judged: Judged, to: Weights): Blocker[] {
  const { state, policy } = facts;
  if (!raisesCandidate(state.weights, to, policy)) return [];
  const order = stepOrderBlocker(state, policy, to);
  const rest = [...latchedBlockers(state, policy, to), ...advanceBlockers(facts, judged)];
  return order === null ? rest : [order, ...rest];
}

/** One that was rolled back alone does not come back by a write of weights while the others go on. */
function latchedBlockers(state: RolloutState, policy: Policy, to: Weights): Blocker[] {
  if (state.latched) return [];
  const back = latchedAlone(state, policy).filter((arm) => shareOf(to, arm) > shareOf(state.weights, arm));
  return back.map((arm) => {
    const detail = `${arm} was rolled back: re-arm it with a reason first; it then starts with its share of the first stage.`;
    return block('rolled_back', detail, { arm });
  });
}

/** Names the candidate where there is more than one. */
export const armParam = (arm: string, { candidates }: Policy): { readonly arm?: string } =>
  candidates.length > 1 ? { arm } : {};

/** Raising the candidate past the next stage skips a step: D1 → D3. */
export function stepOrderBlocker(state: RolloutState, policy: Policy, to: Weights): Blocker | null {
  if (state.latched || !raisesCandidate(state.weights, to, policy)) return null;
  const next = advanceTarget(state, policy);
  const most = (arm: string) => (next ? shareOf(next.weights, arm) : 1);
  const gone = latchedAlone(state, policy);
  const arm = policy.candidates.find((each) => !gone.includes(each) && shareOf(to, each) > most(each) + 1e-9);
  if (arm === undefined) return null;
  const named = policy.stages.find((each) => sameWeights(each.weights, to))?.name ?? 'these weights';
  const detail = `${named} gives ${arm} ${shareOf(to, arm)}, but the next step after ${state.stage} is ${next?.name} with ${most(arm)}.`;
  return block('step_order', detail, { from: state.stage, to: named, next: next?.name ?? null });
}

/** Asking for a stage by name: null when it is the next one, else why not. */
export function stageOrderBlocker(state: RolloutState, policy: Policy, name: string): Blocker | null {
  const next = advanceTarget(state, policy);
  if (next?.name === name) return null;
  const to = excerpt(name);
  const step = `The step after ${state.stage} is ${next?.name ?? 'none'}`;
  const detail = stageNamed(name, policy) ? `${step}, not ${to}.` : `There is no stage "${to}" in the plan. ${step}.`;
  return block('step_order', detail, { from: state.stage, to, next: next?.name ?? null });
}

/** Of a candidate, before anything it does may be called clear; without traffic for it none is awaited. */
export function missingRequests({ state, policy, stageRequests }: GateFacts, arm: string): number {
  if (shareOf(state.weights, arm) === 0) return 0;
  return Math.max(0, policy.minRequests - (stageRequests[arm] ?? 0));
}

const latchBlocker = block(
  'rolled_back',
  'The rollout was rolled back: re-arm it with a reason first; it then starts at the first stage.',
);

function stageBlockers(facts: GateFacts, { lines }: Judged): Blocker[] {
  const { state, policy, nowMs } = facts;
  const observed = stageNamed(state.stage, policy) !== null;
  const blockers: Blocker[] = [];
  blockers.push(...pauseBlockers(facts));
  const { servedSeconds, neededSeconds } = observation(state, policy, nowMs);
  if (neededSeconds !== null && servedSeconds < neededSeconds) {
    const detail = `${state.stage} has been observed for ${durationText(servedSeconds)} of ${durationText(neededSeconds)}.`;
    blockers.push(block('time_not_served', detail, { served: Math.floor(servedSeconds), needed: neededSeconds }));
  }
  if (observed) blockers.push(...judgedArms(facts).flatMap((arm) => fewRequests(facts, arm)));
  for (const line of lines) {
    // Before the first stage there is nothing to measure yet: only a line that is crossed, or blindness, refuses.
    const refuses = observed ? line.verdict !== 'ok' : isCrossed(line) || line.verdict === 'blind';
    if (!refuses) continue;
    const params = { metric: line.metric, verdict: line.verdict, ...armParam(line.arm, policy) };
    blockers.push(block('line_not_ok', explain(line, policy), params));
  }
  return blockers;
}

/** A stage without an arm has no place for what only that arm can be told. */
function pinnedBlockers({ state, policy, pinned = {} }: GateFacts): Blocker[] {
  const next = advanceTarget(state, policy);
  if (next === null) return [];
  const over = Object.entries(pinned).filter(
    ([arm, share]) => shareOf(next.weights, arm) === 0 && share > policy.maxPinned,
  );
  return over.map(([arm, share]) => {
    const percent = (part: number) => `${Math.round(part * 1000) / 10} %`;
    const detail = `${percent(share)} of the last hour's requests can be told to ${arm} alone, which ${next.name} gives nothing: at most ${percent(policy.maxPinned)} may be so.`;
    return block('pinned_traffic', detail, { arm, share, most: policy.maxPinned, next: next.name });
  });
}

function pauseBlockers({ state }: GateFacts): Blocker[] {
  return state.pausedAtMs === null ? [] : [block('paused', 'The rollout is paused: resume it first.')];
}

function fewRequests({ state, policy, stageRequests }: GateFacts, arm: string): Blocker[] {
  const requests = stageRequests[arm] ?? 0;
  if (requests >= policy.minRequests) return [];
  const of = countedBy(policy);
  const had = of === 'jobs' ? 'was given' : 'served';
  const detail = `${arm} ${had} ${requests} of the ${policy.minRequests} ${of} that ${state.stage} needs.`;
  return [block('too_few_requests', detail, { requests, needed: policy.minRequests, of, ...armParam(arm, policy) })];
}

function warningBlockers({ policy }: GateFacts, { lines, warnings }: Judged): Blocker[] {
  const { baseline } = policy;
  return warnings.map((warning) => {
    const { arm: candidate, metric, sinceMs, odds } = warning;
    const params = { metric, since: new Date(sinceMs).toISOString(), odds, baseline, candidate };
    return block('early_warning', explainWarning(warning, policy, lines), params);
  });
}

/** `back`: an arm that was rolled back and is to take traffic again. */
function systemBlockers(facts: GateFacts, back: string | null = null): Blocker[] {
  const { policy } = facts;
  const blockers: Blocker[] = [];
  if (!facts.watchdogAlive) blockers.push(silentBlocker(facts.watchdogSilentSeconds));
  if (facts.unacknowledgedAlerts > 0) {
    const detail = `${facts.unacknowledgedAlerts} alert${facts.unacknowledgedAlerts === 1 ? '' : 's'} must be acknowledged first.`;
    blockers.push(block('alert_unacknowledged', detail, { alerts: facts.unacknowledgedAlerts }));
  }
  const gone = latchedAlone(facts.state, policy);
  for (const provider of [policy.baseline, ...policy.candidates]) {
    if (gone.includes(provider) && provider !== back) continue;
    const fault = facts.providerFaults[provider];
    if (fault) blockers.push(block('provider_not_ok', `${provider}: ${fault}`, { provider, error: fault }));
  }
  if (facts.policyFault !== null)
    blockers.push(block('policy_invalid', `The stored policy is not in use: ${facts.policyFault}`));
  if (!facts.seenByAll)
    blockers.push(block('not_seen_by_all', 'Not every instance routes by the current weights yet.'));
  return blockers;
}

function silentBlocker(seconds: number | null): Blocker {
  const since = seconds === null ? 'has never ticked' : `has not ticked for ${durationText(seconds)}`;
  return block('watchdog_silent', `The watchdog ${since}: nobody would roll back.`, { seconds });
}
