import { isCost } from '@/lib/split/policy/metrics';
import type { Policy, RedLine } from '@/lib/split/policy/policy';
import { isEndless, judgedArms, standingOf } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { shareOf } from '@/lib/split/weights';
import { gridIndex, gridMs, jobAgeOf, slowLimitOf } from './buckets/history';
import { earlyWarnings } from './early-warning';
import { evidenceAt, isProven, isRare, type Luck, luckOf } from './evidence';
import type { CandidateFacts, Facts } from './facts';
import { advanceBlockers, advanceTarget, type Judged } from './gates';
import type { Gauge, GaugeContext } from './gauges/gauge';
import { type Bar, gaugesOf, judge } from './gauges/red-lines';
import { isStillSo, type Span, spanOf, stepsOver } from './hold';
import type { Action, BaselineCost, Decision, Hindrance, LineVerdict, MissedHold, VerdictKind } from './verdict';

/** The red-line rule at one instant: a pure function of the log, whatever was decided before. */
export function decide(facts: Facts): Decision {
  const judged = judgedArms(facts).map((arm) => judgeCandidate(candidateFacts(facts, arm)));
  const lines = judged.flatMap((each) => each.lines);
  const warnings = judged.flatMap((each) => each.warnings);
  return {
    action: actionOf({ lines, warnings }, facts),
    lines,
    missed: judged.flatMap((each) => each.missed),
    warnings,
    baselineCost: judged.find((each) => each.baselineCost !== null)?.baselineCost ?? null,
    policyVersion: facts.policyVersion,
    atMs: gridIndex(facts.nowMs) * gridMs,
  };
}

export function candidateFacts({ arms, ...facts }: Facts, arm: string): CandidateFacts {
  const own = arms[arm];
  if (own === undefined) throw new Error(`Nothing is known of ${arm}, which is to be judged.`);
  return { ...facts, ...own, ...standingOf(facts, arm) };
}

/** Each candidate is judged as if it were the only one, but for its part of the chance. */
function judgeCandidate(facts: CandidateFacts) {
  const context = contextOf(facts);
  const bar = barOf(facts);
  const lines = facts.policy.redLines.map((line) => judgeLine(line, context, facts, bar));
  return {
    lines,
    missed: missedHolds(facts, context, lines),
    warnings: isUnderWay(facts) ? earlyWarnings(facts) : [],
    baselineCost: costOf(context, lines),
  };
}

/**
 * The grid index at or before which nothing counts: the bucket in which the rollout began still does. Where nothing is
 * routed to the candidate and no rollback waits to be understood, no rollout is under way, and nothing counts.
 */
export function rolloutFloor(facts: Pick<CandidateFacts, 'state' | 'policy' | 'startedAtMs' | 'latched'>, at: number) {
  const isCounted = facts.latched || isUnderWay(facts);
  return facts.startedAtMs === null || !isCounted ? at : gridIndex(facts.startedAtMs);
}

const isUnderWay = ({ state, policy }: Pick<CandidateFacts, 'state' | 'policy'>): boolean =>
  shareOf(state.weights, policy.candidate) > 0;

export function contextOf(facts: CandidateFacts): GaugeContext {
  const { history, policy, state } = facts;
  if (history.slowLimitMs !== slowLimitOf(policy))
    throw new Error(`History counts latencies from ${history.slowLimitMs} ms, the policy from ${slowLimitOf(policy)}.`);
  if ((history.jobs?.ageMs ?? null) !== jobAgeOf(policy))
    throw new Error(`History judges jobs at ${history.jobs?.ageMs} ms, the policy at ${jobAgeOf(policy)}.`);
  const knownCost = knownBaselineCost(policy, state, facts.environmentCostUsd);
  return { history, neighbours: facts.neighbours, knownCost, pricesBefore: facts.pricesBefore };
}

export function barOf(facts: CandidateFacts): Bar {
  const { state, policy } = facts;
  const literal = policy.evidence === 'observed';
  return {
    arm: policy.candidate,
    at: gridIndex(facts.nowMs),
    luck: luckOf(isEndless(state.stage, policy), facts.among),
    literal,
    blind: facts.blind,
    canRollBack: shareOf(state.weights, policy.candidate) > shareOf(policy.rollback, policy.candidate),
    baselineAvailable: facts.baseline.configured && facts.baseline.probeOk,
    vouchersBefore: facts.voucherRateBefore,
    repeats: facts.repeats,
    changes: facts.weightsChangedAtMs.map(gridIndex),
    sharedCauseBlocks: !literal && policy.sharedCause === 'block',
  };
}

const severity: Readonly<Record<VerdictKind, number>> = {
  held: 5,
  shared_cause: 5,
  breach: 4,
  blind: 3,
  insufficient: 1,
  no_traffic: 0,
  ok: 2,
};

/** Where a line can be measured in two ways, the one that acts or is worse speaks for it. */
export function judgeLine(line: RedLine, context: GaugeContext, facts: CandidateFacts, bar: Bar): LineVerdict {
  const span = spanOf(line, rolloutFloor(facts, bar.at));
  const verdicts = gaugesOf(context, line).map((measured) => judge(line, measured, span, bar));
  return verdicts.reduce((worst, each) => (rank(each) > rank(worst) ? each : worst));
}

const rank = (verdict: LineVerdict): number => severity[verdict.verdict] + (verdict.acts ? 10 : 0);

/** What an alert is raised for. Luck and recovery are the rule at work, and nothing to roll back needs no person. */
const alarming: readonly (Hindrance | null)[] = [
  'shared_cause',
  'baseline_unavailable',
  'not_above_before',
  'blind',
  'signal',
];

function actionOf(judged: Judged, facts: Facts): Action {
  const { lines } = judged;
  const acting = lines.filter((line) => line.acts);
  const [first] = acting;
  if (first) return { kind: 'rollback', line: first, arms: [...new Set(acting.map(({ arm }) => arm))], lines: acting };
  const alarm = lines.find((line) => alarming.includes(line.hindrance));
  if (alarm?.hindrance) return { kind: 'alert', line: alarm, hindrance: alarm.hindrance };
  const { policy, gate } = facts;
  if (!policy.autoAdvance || gate === null || isBlind(facts)) return { kind: 'none' };
  const to = advanceTarget(facts.state, policy);
  // Automation only continues what a person began: it never starts a rollout.
  const begun = policy.stages.some((stage) => stage.name === facts.state.stage);
  if (to === null || !begun || advanceBlockers({ ...facts, ...gate }, judged).length > 0) return { kind: 'none' };
  return { kind: 'advance', to: to.name };
}

const isBlind = (facts: Facts): boolean => judgedArms(facts).some((arm) => facts.arms[arm]?.blind);

function costOf(context: GaugeContext, lines: readonly LineVerdict[]): BaselineCost | null {
  if (context.knownCost !== null) return context.knownCost;
  const usd = lines.find((line) => isCost(line.metric))?.baselineValue ?? null;
  return usd === null ? null : { usd, source: 'concurrent' };
}

/** The policy's value, else the environment's, else the mean frozen when the rollout began; else the concurrent mean. */
export function knownBaselineCost(
  policy: Policy,
  state: RolloutState,
  environmentCostUsd: number | null,
): BaselineCost | null {
  if (policy.baselineCostUsd !== null) return { usd: policy.baselineCostUsd, source: 'policy' };
  if (environmentCostUsd !== null) return { usd: environmentCostUsd, source: 'environment' };
  if (state.baselineCostUsd !== null) return { usd: state.baselineCostUsd, source: 'before_rollout' };
  return null;
}

/**
 * Holds that would have acted at an instant between the last tick and now, and are over. The instants are judged as a
 * tick would have judged them, so a hold that luck explains is not reported.
 */
function missedHolds(facts: CandidateFacts, context: GaugeContext, lines: readonly LineVerdict[]): MissedHold[] {
  const { lastTickMs, state, policy, startedAtMs } = facts;
  if (lastTickMs === null || startedAtMs === null) return [];
  // The candidate was taken out by hand meanwhile: what went before is over, and known.
  if (shareOf(state.weights, policy.candidate) === 0) return [];
  const now = gridIndex(facts.nowMs);
  const luck = luckOf(isEndless(state.stage, policy), facts.among);
  const missed: MissedHold[] = [];
  for (const line of policy.redLines) {
    if (lines.some((each) => each.metric === line.metric && isHeld(each))) continue;
    const span = spanOf(line, gridIndex(startedAtMs));
    const first = Math.max(gridIndex(lastTickMs) + 1, firstKnown(context, span));
    const acted = (gauge: Gauge, at: number) => wouldAct(gauge, span, at, policy.evidence === 'observed', luck);
    const held = gaugesOf(context, line).flatMap(({ candidate }) => heldInstants(candidate, first, now, acted));
    if (held.length === 0) continue;
    const fromMs = (Math.min(...held) - span.hold) * gridMs;
    missed.push({ arm: policy.candidate, metric: line.metric, fromMs, toMs: Math.max(...held) * gridMs });
  }
  return missed;
}

const isHeld = ({ verdict }: LineVerdict): boolean => verdict === 'held' || verdict === 'shared_cause';

/** Before this the windows would be cut short by the start of the history rather than by the rollout's. */
function firstKnown({ history }: GaugeContext, span: Span): number {
  return history.origin > span.floor ? history.origin + span.window + span.hold : span.floor + 1;
}

function heldInstants(
  gauge: Gauge,
  first: number,
  now: number,
  acted: (gauge: Gauge, at: number) => boolean,
): number[] {
  const held: number[] = [];
  for (let at = first; at < now; at++) if (acted(gauge, at)) held.push(at);
  return held;
}

function wouldAct(gauge: Gauge, span: Span, at: number, literal: boolean, luck: Luck): boolean {
  const steps = stepsOver(gauge, span, at);
  if (steps === null || steps < span.hold) return false;
  if (literal) return true;
  if (!isRare(gauge, span, at, luck.healthy) || !isStillSo(gauge, span, at)) return false;
  // What one user repeated is not read for instants that are over.
  return isProven(evidenceAt(gauge, span, at, luck));
}
