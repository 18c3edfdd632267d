import { seeded } from '@/lib/replay/simulate/chance';
import { gridMs } from '@/lib/rule/buckets/history';
import { candidateFacts } from '@/lib/rule/decide';
import type { Metric } from '@/lib/split/policy/metrics';
import { defaultPolicy, firstArm, type Policy } from '@/lib/split/policy/policy';
import type { Regime } from '@/test/lab/regimes/regime';
import { rollbackOf, type Segment, segmentsOf, warningOf } from '@/test/lab/regimes/traffic/judge-trace';
import { makeTrace } from '@/test/lab/regimes/traffic/make-trace';
import { historyOfTrace } from '@/test/lab/regimes/traffic/trace-history';
import { oldRollback } from './old-rule';

export const ruleNames = ['literal', 'old rule', 'new rule', 'early warning'] as const;
export type RuleName = (typeof ruleNames)[number];

export interface Found {
  /** Minutes from the onset, or from the rollout's start where nothing is wrong; null: never. */
  readonly minutes: number | null;
  readonly metric: Metric | null;
}

export interface Trials {
  readonly regime: Regime;
  readonly perMinute: number;
  readonly found: Readonly<Record<RuleName, readonly Found[]>>;
}

export interface TrialOptions {
  readonly traces: number;
  readonly seed: number;
  readonly rules?: readonly RuleName[];
  readonly policy?: Policy;
}

const stepsPerMinute = 60_000 / gridMs;

/** The same traces of one regime for each rule. A trace's seed does not depend on how many are made. */
export function tryRegime(regime: Regime, perMinute: number, options: TrialOptions): Trials {
  const { traces, seed, rules = ruleNames, policy = defaultPolicy } = options;
  const found: Record<RuleName, Found[]> = { literal: [], 'old rule': [], 'new rule': [], 'early warning': [] };
  const model = regime.model(perMinute);
  const onset = Math.round((regime.onsetMinute ?? 0) * stepsPerMinute);
  for (let i = 0; i < traces; i++) {
    const trace = makeTrace(model, policy, seeded(seed * 1_000_003 + i * 7919));
    const history = historyOfTrace(trace);
    const segments = segmentsOf(trace, history);
    for (const rule of rules) {
      const at = first[rule](segments, onset + 1);
      found[rule].push({ minutes: at && (at.at - onset) / stepsPerMinute, metric: at?.metric ?? null });
    }
  }
  return { regime, perMinute, found };
}

type First = (segments: readonly Segment[], from: number) => { at: number; metric: Metric } | null;

/** What each does first: three roll back, one only warns. */
const first: Readonly<Record<RuleName, First>> = {
  literal: (segments, from) => shippedFirst(segments.map(taken), from),
  'old rule': oldFirst,
  'new rule': shippedFirst,
  'early warning': warningOf,
};

const taken = (segment: Segment): Segment => ({
  ...segment,
  facts: { ...segment.facts, policy: { ...segment.facts.policy, evidence: 'observed' } },
});

function oldFirst(segments: readonly Segment[], from: number) {
  for (const segment of segments) {
    if (segment.to < from) continue;
    const facts = candidateFacts(segment.facts, firstArm(segment.facts.policy).candidate);
    const found = oldRollback(facts, Math.max(from, segment.from), segment.to);
    if (found !== null) return found;
  }
  return null;
}

function shippedFirst(segments: readonly Segment[], from: number) {
  const found = rollbackOf(segments, from);
  return found && { at: found.at, metric: found.line.metric };
}
