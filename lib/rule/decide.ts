import type { Policy, RedLine } from '@/lib/split/policy/policy';
import { canRollBack, isEndless, isLive } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { gridIndex, gridMs, slowLimitOf } from './buckets/history';
import { earlyWarnings } from './early-warning';
import { luckThreshold, luckThresholdEndless } from './evidence';
import type { Facts, RepeatedSpan } from './facts';
import { advanceBlockers, advanceTarget, type Judged } from './gates';
import type { GaugeContext } from './gauges/gauge';
import { type Bar, gaugesOf, judge } from './gauges/red-lines';
import { spanOf } from './hold';
import { missedHolds } from './missed-holds';
import type { Action, BaselineCost, Decision, Hindrance, LineVerdict, VerdictKind } from './verdict';

/** The red-line rule at one instant: a pure function of the log, whatever was decided before. */
export function decide(facts: Facts): Decision {
  const context = contextOf(facts);
  const bar = barOf(facts);
  const lines = facts.policy.redLines.map((line) => judgeLine(line, context, facts, bar));
  const warnings = isUnderWay(facts) ? earlyWarnings(facts) : [];
  return {
    action: actionOf({ lines, warnings }, facts),
    lines,
    missed: missedHolds(facts, context, lines),
    warnings,
    baselineCost: costOf(context, lines),
    policyVersion: facts.policyVersion,
    atMs: bar.at * gridMs,
  };
}

/**
 * The grid index at or before which nothing counts: the bucket in which the rollout began still does. Where nothing is
 * routed to the candidate and no rollback waits to be understood, no rollout is under way, and nothing counts.
 */
export function rolloutFloor({ state, policy }: { state: RolloutState; policy: Policy }, at: number): number {
  const isCounted = state.latched || isUnderWay({ state, policy });
  return state.rolloutStartedAtMs === null || !isCounted ? at : gridIndex(state.rolloutStartedAtMs);
}

const isUnderWay = ({ state, policy }: Pick<Facts, 'state' | 'policy'>): boolean => isLive(state.weights, policy);

export function contextOf(facts: Facts): GaugeContext {
  const { history, policy, state } = facts;
  if (history.slowLimitMs !== slowLimitOf(policy))
    throw new Error(`History counts latencies from ${history.slowLimitMs} ms, the policy from ${slowLimitOf(policy)}.`);
  const knownCost = knownBaselineCost(policy, state, facts.environmentCostUsd);
  return { history, neighbours: facts.neighbours, knownCost, pricesBefore: facts.pricesBefore };
}

export function barOf(facts: Facts): Bar {
  const { state, policy } = facts;
  const literal = policy.evidence === 'observed';
  return {
    at: gridIndex(facts.nowMs),
    threshold: isEndless(state.stage, policy) ? luckThresholdEndless : luckThreshold,
    literal,
    blind: facts.blind,
    canRollBack: canRollBack(state.weights, policy),
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
export function judgeLine(line: RedLine, context: GaugeContext, facts: Facts, bar: Bar): LineVerdict {
  const span = spanOf(line, rolloutFloor(facts, bar.at));
  const verdicts = gaugesOf(context, line).map((measured) => judge(line, measured, span, bar));
  return verdicts.reduce((worst, each) => (rank(each) > rank(worst) ? each : worst));
}

const rank = (verdict: LineVerdict): number => severity[verdict.verdict] + (verdict.acts ? 10 : 0);

/** What a person must hear of. Luck and recovery are the rule at work; nothing to roll back needs no one. */
const alarming: readonly (Hindrance | null)[] = [
  'shared_cause',
  'baseline_unavailable',
  'not_above_before',
  'blind',
  'signal',
];

function actionOf(judged: Judged, facts: Facts): Action {
  const { lines } = judged;
  const acting = lines.find((line) => line.acts);
  if (acting) return { kind: 'rollback', line: acting };
  const alarm = lines.find((line) => alarming.includes(line.hindrance));
  if (alarm?.hindrance) return { kind: 'alert', line: alarm, hindrance: alarm.hindrance };
  const { policy, gate } = facts;
  if (!policy.autoAdvance || gate === null || facts.blind) return { kind: 'none' };
  const to = advanceTarget(facts.state, policy);
  // Automation only continues what a person began: it never starts a rollout.
  const begun = policy.stages.some((stage) => stage.name === facts.state.stage);
  if (to === null || !begun || advanceBlockers({ ...facts, ...gate }, judged).length > 0) return { kind: 'none' };
  return { kind: 'advance', to: to.name };
}

function costOf(context: GaugeContext, lines: readonly LineVerdict[]): BaselineCost | null {
  if (context.knownCost !== null) return context.knownCost;
  const usd = lines.find((line) => line.metric === 'cost_per_image')?.baselineValue ?? null;
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

/** What `decide` says by the buckets alone, and what it would have to be told from the raw log to be sure. */
export interface FirstLook {
  readonly decision: Decision;
  /** Spans whose repetitions could turn a rollback into luck. Usually none: then the decision stands. */
  readonly spans: readonly RepeatedSpan[];
  /** Whether the first rows of all users are needed before the early warning is believed. */
  readonly needsUsers: boolean;
}

export function firstLook(facts: Omit<Facts, 'repeats' | 'users'>): FirstLook {
  const spans: RepeatedSpan[] = [];
  const repeats: Facts['repeats'] = (span) => {
    spans.push(span);
    return null;
  };
  const decision = decide({ ...facts, repeats, users: null });
  return { decision, spans, needsUsers: decision.warnings.length > 0 };
}
