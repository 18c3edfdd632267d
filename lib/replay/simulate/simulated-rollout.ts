import { gridMs, type History } from '@/lib/rule/buckets/history';
import { candidateFacts, decide } from '@/lib/rule/decide';
import { type ArmFacts, type Facts, nothingBeside } from '@/lib/rule/facts';
import type { LineVerdict } from '@/lib/rule/verdict';
import { firstArm, type Policy, type Stage } from '@/lib/split/policy/policy';
import { judgedArms } from '@/lib/split/stages';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { watchLines } from '../line-watch';
import { noTraffic } from './simulated-traffic';
import type { Rule } from './trials';

/** Latencies next to the line, where a made-up window straddles it: they would be interpolated between these. */
const neighboursOf = (limitMs: number) => ({ below: limitMs * 0.8, atOrAbove: limitMs * 1.25 });

/** A stage that began at grid index 0, judged from a simulated history; `baselineCostUsd` is what the cost compares to. */
export function simulatedFacts(
  policy: Policy,
  stage: Stage,
  histories: Readonly<Record<string, History>>,
  baselineCostUsd: number,
): Facts {
  const armOf = ([arm, history]: [string, History]): [string, ArmFacts] => [
    arm,
    { ...nothingBeside, history, neighbours: ({ limitMs }) => neighboursOf(limitMs) },
  ];
  return {
    state: stateAfter(stateBefore(policy), stage.weights, policy, 0),
    policy,
    policyVersion: 0,
    arms: Object.fromEntries(Object.entries(histories).map(armOf)),
    weightsChangedAtMs: [],
    nowMs: 0,
    baseline: { configured: true, probeOk: true },
    environmentCostUsd: baselineCostUsd,
    lastTickMs: null,
    gate: null,
  };
}

export interface Rollback {
  readonly at: number;
  readonly line: LineVerdict;
  readonly arms: readonly string[];
}

/** The first tick in [from, to] at which the shipped rule rolls back; null when it does not. */
export function firstRollback(given: Facts, from: number, to: number): Rollback | null {
  const facts = { ...given, arms: withoutWarnings(given.arms) };
  const watches = judgedArms(facts).map((arm) => watchLines(candidateFacts(facts, arm), from));
  for (let at = from; at <= to; at++) {
    let mayAct = false;
    for (const watch of watches) if (watch.look(at, at === from).includes('held_not_luck')) mayAct = true;
    if (!mayAct) continue;
    const { action } = decide({ ...facts, nowMs: at * gridMs });
    if (action.kind === 'rollback') return { at, line: action.line, arms: action.arms };
  }
  return null;
}

/** Early warnings never roll back, and each tick would count them anew from the rollout's start. */
const withoutWarnings = (arms: Facts['arms']): Facts['arms'] =>
  Object.fromEntries(Object.entries(arms).map(([arm, own]) => [arm, { ...own, warning: null }]));

/** The shipped rule as a trial asks it of one candidate, the policy's first where none is named. */
export function shippedRule(policy: Policy, stage: Stage, baselineCostUsd: number, arm?: string): Rule {
  const candidate = arm ?? firstArm(policy).candidate;
  const state = stateAfter(stateBefore(policy), stage.weights, policy, 0);
  const none = noTraffic(policy);
  const others = judgedArms({ state, policy }).map((each) => [each, none]);
  return (history, from, to) => {
    const histories = { ...Object.fromEntries(others), [candidate]: history };
    return firstRollback(simulatedFacts(policy, stage, histories, baselineCostUsd), from, to)?.at ?? null;
  };
}
