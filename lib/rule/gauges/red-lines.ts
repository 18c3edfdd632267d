import { gridSeconds } from '@/lib/rule/buckets/bucket';
import type { Metric, RedLine } from '@/lib/split/policy/policy';
import type { Role } from '../buckets/history';
import { evidenceAt, isNotLuck } from '../evidence';
import { clip, type Span, stepsOver } from '../hold';
import type { Hindrance, LineVerdict, VerdictKind } from '../verdict';
import type { Gauge, GaugeContext } from './gauge';
import { costGauge, fewestPriced } from './gauge-cost';
import { p95Gauge } from './gauge-p95';
import { attributedGauge, globalGauge, shareGauge } from './gauge-share';

/** Rows in a window below which `ok` would be a guess: one event in nine is 11 %. */
export const fewestRows = 10;

/** What a judgement needs besides one gauge. */
export interface Bench {
  readonly at: number;
  readonly threshold: number;
  readonly literal: boolean;
  readonly blind: boolean;
  readonly canRollBack: boolean;
  readonly baselineAvailable: boolean;
  /** The global voucher rate of the 24 h before the rollout; null when there was none. */
  readonly voucherRateBefore: number | null;
}

/** `baseline` is null where the metric has no provider to compare with (the global voucher rate). */
export interface Measured {
  readonly candidate: Gauge;
  readonly baseline: Gauge | null;
}

/** The ways to measure one line; vouchers have two, and the more severe verdict counts. */
export function gaugesOf(context: GaugeContext, line: RedLine): Measured[] {
  const both = (make: (role: Role) => Gauge): Measured => ({
    candidate: make('candidate'),
    baseline: make('baseline'),
  });
  const limit = line.limit ?? 0;
  const { history } = context;
  switch (line.metric) {
    case 'p95_latency_ms':
      return [both((role) => p95Gauge(context, role, limit))];
    case 'cost_per_image':
      return [both((role) => costGauge(context, role, line))];
    case 'failure_rate':
      return [
        both((role) => {
          const { failures, requests } = history[role];
          return shareGauge(history, failures, requests, requests, limit);
        }),
      ];
    case 'regenerate_voucher_rate':
      return [
        both((role) => attributedGauge(history, role, limit)),
        { candidate: globalGauge(history, limit), baseline: null },
      ];
  }
}

export const comparisonOf = (metric: Metric): '>=' | '>' => (metric === 'p95_latency_ms' ? '>=' : '>');

/** One red line at one instant, with its numbers and, when held, why it acts or does not. */
export function judge(line: RedLine, measured: Measured, span: Span, bench: Bench): LineVerdict {
  const { candidate, baseline } = measured;
  const { at } = bench;
  const from = clip(at - span.window, span);
  const steps = stepsOver(candidate, span, at);
  const evidence = steps === null ? null : evidenceAt(candidate, span, at, bench.threshold);
  const verdict = kindOf(line, candidate, from, bench, steps === null ? null : steps >= span.hold);
  const base = {
    metric: line.metric,
    verdict,
    value: candidate.value(from, at),
    limit: candidate.limit(from, at),
    comparison: comparisonOf(line.metric),
    n: candidate.count(from, at),
    windowSeconds: line.windowSeconds,
    holdSeconds: line.holdSeconds,
    breachedForSeconds: (steps ?? 0) * gridSeconds,
    evidence,
    baselineValue: baseline?.value(from, at) ?? null,
    baselineN: baseline?.count(from, at) ?? 0,
  };
  const hindrance = verdict === 'held' ? hindranceOf(base, measured, span, bench) : null;
  return { ...base, acts: verdict === 'held' && hindrance === null, hindrance };
}

/** `held` is null when the window is not over its line: only then can there be too little to say so. */
export function kindOf(line: RedLine, gauge: Gauge, from: number, bench: Bench, held: boolean | null): VerdictKind {
  if (held !== null) return held ? 'held' : 'breach';
  if (bench.blind) return 'blind';
  const rows = gauge.count(from, bench.at);
  if (rows === 0 && gauge.traffic(from, bench.at) === 0) return 'no_traffic';
  const fewest = line.metric === 'cost_per_image' ? fewestPriced : fewestRows;
  return rows < fewest || gauge.limit(from, bench.at) === null ? 'insufficient' : 'ok';
}

type Held = Omit<LineVerdict, 'acts' | 'hindrance'>;

function hindranceOf(held: Held, measured: Measured, span: Span, bench: Bench): Hindrance | null {
  if (!bench.canRollBack) return 'nothing_to_roll_back';
  if (bench.blind) return 'blind';
  if (!bench.literal && held.evidence) {
    if (!isNotLuck(held.evidence)) return 'could_be_luck';
    if (!held.evidence.stillSo) return 'recovered';
  }
  if (measured.baseline === null && (held.value ?? 0) <= (bench.voucherRateBefore ?? 0)) return 'not_above_before';
  if (!bench.baselineAvailable) return 'baseline_unavailable';
  return isBaselineNoBetter(held, measured, span, bench) ? 'baseline_worse' : null;
}

/**
 * The baseline is over the same line, not by luck, not recovered, and no better. Without traffic it is not. As bad is
 * no better: where everything fails, as with our own way out, a rollback wins nothing and has to be undone by hand.
 */
function isBaselineNoBetter(held: Held, { baseline }: Measured, span: Span, bench: Bench): boolean {
  if (baseline === null || held.baselineValue === null || held.value === null) return false;
  if (held.baselineValue < held.value) return false;
  if (baseline.side(clip(bench.at - span.window, span), bench.at) !== 'over') return false;
  const evidence = evidenceAt(baseline, span, bench.at, bench.threshold);
  return isNotLuck(evidence) && evidence.stillSo;
}
