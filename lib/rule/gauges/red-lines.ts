import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { isCost, isPercentile, type Metric } from '@/lib/split/policy/metrics';
import type { RedLine } from '@/lib/split/policy/policy';
import { gridMs, type Role } from '../buckets/history';
import {
  comesAndGoes,
  evidenceAt,
  isNotLuck,
  isOverTheLine,
  isProven,
  type Luck,
  noRepeats,
  type RepeatsOf,
} from '../evidence';
import type { RepeatLookup } from '../facts';
import { clip, type Span, stepsOver } from '../hold';
import { isSharedCause } from '../shared-cause';
import { chanceOfMore } from '../stats/hypergeometric';
import type { Evidence, Hindrance, LineVerdict, VerdictKind } from '../verdict';
import type { Gauge, GaugeContext } from './gauge';
import { costGauge, fewestPriced } from './gauge-cost';
import { earlyFailureGauge, endFailureGauge, timeToDoneGauge } from './gauge-jobs';
import { attributedGauge, globalGauge, p95Gauge, shareGauge } from './gauge-share';

/** Rows in a window below which `ok` would be a guess: one event in nine is 11 %. */
export const fewestRows = 10;

/** What a judgement needs besides one gauge. */
export interface Bar {
  readonly arm: string;
  readonly at: number;
  readonly luck: Luck;
  readonly literal: boolean;
  readonly blind: boolean;
  readonly canRollBack: boolean;
  readonly baselineAvailable: boolean;
  /** All vouchers and generations of the 24 h before the rollout; null when there were none. */
  readonly vouchersBefore: { readonly vouchers: number; readonly generated: number } | null;
  readonly repeats: RepeatLookup;
  /** Grid indices at which the weights changed, in order. */
  readonly changes: readonly number[];
  /** Whether a cause that both share keeps the candidate where it is. */
  readonly sharedCauseBlocks: boolean;
}

/** `baseline` is null where the metric has no provider to compare with (the global voucher rate). */
interface Measured {
  readonly candidate: Gauge;
  readonly baseline: Gauge | null;
}

/** The ways to measure one line; vouchers and ends of jobs have two, and the more severe verdict counts. */
export function gaugesOf(context: GaugeContext, line: RedLine): Measured[] {
  const both = (make: (role: 'candidate' | 'baseline') => Gauge): Measured => ({
    candidate: make('candidate'),
    baseline: make('baseline'),
  });
  const limit = line.limit ?? 0;
  const { history } = context;
  switch (line.metric) {
    case 'p95_latency_ms':
      return [both((role) => p95Gauge(context, role, limit))];
    case 'cost_per_image':
    case 'cost_per_unit':
      return [both((role) => costGauge(context, role, line))];
    case 'failure_rate':
    case 'accept_failure_rate':
      return [
        both((role) => {
          const { failures, requests } = history[role];
          return shareGauge(history, failures, requests, requests, limit, null);
        }),
      ];
    case 'regenerate_voucher_rate':
      return [
        both((role) => attributedGauge(history, role, limit)),
        { candidate: globalGauge(history, limit), baseline: null },
      ];
    case 'end_failure_rate':
      return [
        both((role) => endFailureGauge(history, role, limit)),
        both((role) => earlyFailureGauge(history, role, limit)),
      ];
    case 'p95_time_to_done_ms':
      return [both((role) => timeToDoneGauge(history, role, limit))];
  }
}

export const comparisonOf = (metric: Metric): '>=' | '>' => (isPercentile(metric) ? '>=' : '>');

/**
 * One red line at one instant, with its numbers and why it acts or does not, in the order of `docs/rule.md`: is the
 * window over its line, for how long, is it luck, does it go on, and is it the candidate's.
 */
export function judge(line: RedLine, measured: Measured, span: Span, bar: Bar): LineVerdict {
  const { candidate, baseline } = measured;
  const { at } = bar;
  const from = clip(at - span.window, span);
  const steps = stepsOver(candidate, span, at);
  const found = evidenceOf(candidate, span, steps, bar);
  const isHeld = (steps !== null && steps >= span.hold) || found?.pattern === 'comes_and_goes';
  const verdict = kindOf(line, candidate, from, bar, steps === null && !isHeld ? null : isHeld);
  const base = {
    arm: bar.arm,
    metric: line.metric,
    verdict,
    value: candidate.value(from, at),
    limit: candidate.limit(from, at),
    comparison: comparisonOf(line.metric),
    n: Math.round(candidate.count(from, at)),
    windowSeconds: line.windowSeconds,
    holdSeconds: line.holdSeconds,
    breachedForSeconds: (steps ?? 0) * gridSeconds,
    evidence: found,
    baselineValue: baseline?.value(from, at) ?? null,
    baselineN: Math.round(baseline?.count(from, at) ?? 0),
  };
  const hindrance = verdict === 'held' ? hindranceOf(line, base, measured, span, bar) : null;
  if (hindrance === 'shared_cause') return { ...base, verdict: 'shared_cause', acts: false, hindrance };
  return { ...base, acts: verdict === 'held' && hindrance === null, hindrance };
}

/** A breach that is held and no luck speaks first; then what comes and goes; then what is not proven. */
function evidenceOf(gauge: Gauge, span: Span, steps: number | null, bar: Bar): Evidence | null {
  const repeats = repeatsOf(gauge, 'candidate', span, bar);
  const steady = steps === null ? null : evidenceAt(gauge, span, bar.at, bar.luck, repeats);
  const isHeld = steps !== null && steps >= span.hold;
  if (bar.literal || (isHeld && steady !== null && isProven(steady) && steady.stillSo)) return steady;
  return comesAndGoes(gauge, span, bar.at, bar.luck, repeats) ?? steady;
}

/** A user's part is taken over an hour at least: a loop fills minutes, a team that sends one name for all fills any span. */
const partSteps = 3600 / gridSeconds;

function repeatsOf({ repeated }: Gauge, role: Role, span: Span, { repeats, at }: Bar): RepeatsOf {
  if (repeated === undefined) return noRepeats;
  return (from, to) => {
    const partSinceMs = Math.min(from, clip(at - partSteps, span)) * gridMs;
    const asked = { role, fromMs: from * gridMs, toMs: to * gridMs, limitMs: repeated, partSinceMs };
    return repeats(asked) ?? noRepeats(from, to);
  };
}

/** `held` is null when the window is not over its line: only then can there be too little to say so. */
export function kindOf(line: RedLine, gauge: Gauge, from: number, bar: Bar, held: boolean | null): VerdictKind {
  if (held !== null) return held ? 'held' : 'breach';
  if (bar.blind) return 'blind';
  const rows = gauge.count(from, bar.at);
  if (rows === 0 && gauge.traffic(from, bar.at) === 0) return 'no_traffic';
  const fewest = isCost(line.metric) ? fewestPriced : fewestRows;
  return rows < fewest || gauge.limit(from, bar.at) === null ? 'insufficient' : 'ok';
}

type Held = Omit<LineVerdict, 'acts' | 'hindrance'>;

function hindranceOf(line: RedLine, held: Held, measured: Measured, span: Span, bar: Bar): Hindrance | null {
  if (!bar.canRollBack) return 'nothing_to_roll_back';
  if (bar.blind) return 'blind';
  if (!bar.literal && held.evidence) {
    if (!isNotLuck(held.evidence)) return 'could_be_luck';
    if (!isOverTheLine(held.evidence)) return 'could_be_on_the_line';
    if (!held.evidence.stillSo) return 'recovered';
  }
  if (measured.baseline === null && !isAboveBefore(measured.candidate, held, bar)) return 'not_above_before';
  if (!bar.baselineAvailable) return 'baseline_unavailable';
  if (isShared(held, measured, span, bar)) return 'shared_cause';
  return line.action === 'signal' ? 'signal' : null;
}

/** How rarely the old rate may look this much higher by luck. */
const surelyAbove = 1e-3;

/** The global rate is above the one of the day before the rollout by evidence, not by a hair. */
function isAboveBefore(gauge: Gauge, held: Held, { at, literal, vouchersBefore: before }: Bar): boolean {
  if (before === null || before.generated === 0) return true;
  const rateBefore = before.vouchers / before.generated;
  if (literal) return (held.value ?? 0) > rateBefore;
  const from = at - (held.evidence?.horizonSeconds ?? held.windowSeconds) / gridSeconds;
  const now = { rows: gauge.count(from, at), hits: gauge.hits(from, at) };
  return chanceOfMore([{ ...now, otherRows: before.generated, otherHits: before.vouchers }]) < surelyAbove;
}

function isShared({ evidence }: Held, { candidate, baseline }: Measured, span: Span, bar: Bar): boolean {
  if (!bar.sharedCauseBlocks || baseline === null) return false;
  const horizon = (evidence?.horizonSeconds ?? 0) / gridSeconds;
  const repeats = repeatsOf(baseline, 'baseline', span, bar);
  const { luck, changes } = bar;
  return isSharedCause({ candidate, baseline }, span, bar.at, { horizon, luck, changes, repeats });
}
