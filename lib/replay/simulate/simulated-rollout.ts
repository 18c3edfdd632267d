import { gridMs, type History } from '@/lib/rule/buckets/history';
import { decide } from '@/lib/rule/decide';
import { type Facts, nothingBeside } from '@/lib/rule/facts';
import type { LineVerdict } from '@/lib/rule/verdict';
import type { Policy, Stage } from '@/lib/split/policy/policy';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { watchLines } from '../line-watch';
import type { Rule } from './trials';

/** Latencies next to the line, where a made-up window straddles it: they would be interpolated between these. */
const neighboursOf = (limitMs: number) => ({ below: limitMs * 0.8, atOrAbove: limitMs * 1.25 });

/** A stage that began at grid index 0, judged from a simulated history; `baselineCostUsd` is what the cost compares to. */
export function simulatedFacts(policy: Policy, stage: Stage, history: History, baselineCostUsd: number): Facts {
  return {
    state: stateAfter(stateBefore(policy), stage.weights, policy, 0),
    policy,
    policyVersion: 0,
    history,
    neighbours: ({ limitMs }) => neighboursOf(limitMs),
    ...nothingBeside,
    nowMs: 0,
    blind: false,
    baseline: { configured: true, probeOk: true },
    environmentCostUsd: baselineCostUsd,
    voucherRateBefore: null,
    lastTickMs: null,
    gate: null,
  };
}

/** The first tick in [from, to] at which the shipped rule rolls back; null when it does not. */
export function firstRollback(facts: Facts, from: number, to: number): { at: number; line: LineVerdict } | null {
  const watch = watchLines(facts, from);
  for (let at = from; at <= to; at++) {
    const glances = watch.look(at, at === from);
    if (!glances.includes('held_not_luck')) continue;
    const { action } = decide({ ...facts, nowMs: at * gridMs });
    if (action.kind === 'rollback') return { at, line: action.line };
  }
  return null;
}

/** The shipped rule as a trial asks it. */
export function shippedRule(policy: Policy, stage: Stage, baselineCostUsd: number): Rule {
  return (history, from, to) =>
    firstRollback(simulatedFacts(policy, stage, history, baselineCostUsd), from, to)?.at ?? null;
}
