import { firstRollback, type Rollback } from '@/lib/replay/simulate/simulated-rollout';
import type { Timeline } from '@/lib/replay/timeline';
import { meanPriceUsd } from '@/lib/rule/buckets/bucket';
import { gridIndex, gridMs } from '@/lib/rule/buckets/history';
import { candidateFacts, decide } from '@/lib/rule/decide';
import { earlyWarnings, warningBeganMs } from '@/lib/rule/early-warning';
import type { ArmFacts, Facts, FirstOfUsers } from '@/lib/rule/facts';
import type { Metric } from '@/lib/split/policy/metrics';
import { firstArm, type Policy } from '@/lib/split/policy/policy';
import type { RolloutState } from '@/lib/split/state';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import type { Trace } from './make-trace';
import { historyOfTrace } from './trace-history';
import { lookupsOf } from './trace-lookups';

/** What the rule knew between two writes of weights, but for the time: ticks from `from` to `to`. */
export interface Segment {
  readonly facts: Facts;
  readonly from: number;
  readonly to: number;
}

/** How often the early warning begins anew. */
const warningSteps = 4320;

/** A trace cut where the state changes. The policy's lines may differ from the trace's; its arms may not. */
export function segmentsOf(
  trace: Trace,
  history: Timeline = historyOfTrace(trace),
  policy: Policy = trace.policy,
): Segment[] {
  const { model, end } = trace;
  const { neighbours, repeats, firstOfUsers } = lookupsOf(trace);
  const usersSince = new Map<number, FirstOfUsers>();
  const cuts = new Set(model.writes.map(({ minute }) => Math.round((minute * 60_000) / gridMs)));
  for (let cut = warningSteps; cut < end; cut += warningSteps) cuts.add(cut);
  const starts = [...cuts].filter((cut) => cut < end).sort((a, b) => a - b);
  return starts.map((start, i) => {
    const sinceMs = warningBeganMs(0, start * gridMs);
    const changes = model.writes.map(({ minute }) => minute * 60_000).filter((atMs) => gridIndex(atMs) <= start);
    const candidate: ArmFacts = {
      history,
      neighbours,
      repeats,
      users: () => {
        const known = usersSince.get(sinceMs) ?? firstOfUsers(sinceMs);
        usersSince.set(sinceMs, known);
        return known;
      },
      pricesBefore: trace.pricesBefore,
      warning: { sinceMs, quartilesMs: trace.quartilesMs },
      blind: false,
      voucherRateBefore: trace.voucherRateBefore,
    };
    const facts: Facts = {
      state: stateAt(trace, start, policy),
      policy,
      policyVersion: 0,
      arms: { [firstArm(policy).candidate]: candidate },
      weightsChangedAtMs: changes,
      nowMs: start * gridMs,
      baseline: { configured: true, probeOk: true },
      environmentCostUsd: null,
      lastTickMs: null,
      gate: null,
    };
    return { facts, from: start + 1, to: starts[i + 1] ?? end };
  });
}

function stateAt({ model, pricesBefore }: Trace, step: number, policy: Policy): RolloutState {
  let state = stateBefore(policy);
  for (const { minute, weights } of model.writes)
    if (Math.round((minute * 60_000) / gridMs) <= step) state = stateAfter(state, weights, policy, minute * 60_000);
  return { ...state, baselineCostUsd: meanPriceUsd(pricesBefore) };
}

/** The first tick from `from` on at which the shipped rule rolls back; null when it does not. */
export function rollbackOf(segments: readonly Segment[], from = 1): Rollback | null {
  for (const segment of segments) {
    if (segment.to < from) continue;
    const found = firstRollback(segment.facts, Math.max(from, segment.from), segment.to);
    if (found !== null) return found;
  }
  return null;
}

const warningsAt = (facts: Facts, at: number) =>
  earlyWarnings(candidateFacts({ ...facts, nowMs: at * gridMs }, firstArm(facts.policy).candidate)).sort(
    (a, b) => a.sinceMs - b.sinceMs,
  );

/** How often one looks for an early warning; it says itself since when it has been one. */
const lookSteps = 60;

/** The first early warning from `from` on; null when there is none. */
export function warningOf(segments: readonly Segment[], from = 1): { at: number; metric: Metric } | null {
  for (const segment of segments) {
    const last = segment.to;
    for (
      let at = Math.max(segment.from, from);
      at <= last;
      at = at < last ? Math.min(last, at + lookSteps) : last + 1
    ) {
      const [first] = warningsAt(segment.facts, at);
      if (first) return { at: Math.max(from, gridIndex(first.sinceMs)), metric: first.metric };
    }
  }
  return null;
}

/** What the rule says at one tick of a trace. */
export function decisionAt(segments: readonly Segment[], at: number) {
  const segment = segments.findLast(({ from }) => from <= at);
  return segment === undefined ? null : decide({ ...segment.facts, nowMs: at * gridMs });
}
