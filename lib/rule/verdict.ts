import type { Metric } from '@/lib/split/policy/metrics';

export type VerdictKind = 'ok' | 'breach' | 'held' | 'shared_cause' | 'insufficient' | 'no_traffic' | 'blind';

/** How sure we are that a breach is not luck: the smallest tail over the horizons, and which horizon gave it. */
export interface Evidence {
  /** Of a provider at half the line, or, where it comes and goes, on the line. */
  readonly chance: number;
  readonly threshold: number;
  /** Of a provider on the line itself: what is no more than that is no breach. */
  readonly atLine: number;
  readonly lineThreshold: number;
  /** How many times less the rows are worth because bad ones come together. */
  readonly dispersion: number;
  /** `steady`: over the line for the whole hold. `comes_and_goes`: the last hour without its worst minutes is. */
  readonly pattern: 'steady' | 'comes_and_goes';
  readonly horizonSeconds: number;
  readonly n: number;
  readonly hits: number;
  /** The newer half of the hold on its own is over the line too. */
  readonly stillSo: boolean;
}

/** Why a held line does not act. */
export type Hindrance =
  | 'could_be_luck'
  | 'could_be_on_the_line'
  | 'recovered'
  | 'shared_cause'
  | 'baseline_unavailable'
  | 'not_above_before'
  | 'blind'
  | 'nothing_to_roll_back'
  | 'signal';

/** One red line at one instant, always with its numbers. */
export interface LineVerdict {
  /** The candidate that is judged. */
  readonly arm: string;
  readonly metric: Metric;
  readonly verdict: VerdictKind;
  /** The windowed metric now; null when there is nothing to measure. */
  readonly value: number | null;
  /** The line as it applies now (cost: timesBaseline × baseline cost); null when it cannot be known. */
  readonly limit: number | null;
  readonly comparison: '>=' | '>';
  /** Rows in the window that carry this metric. */
  readonly n: number;
  readonly windowSeconds: number;
  readonly holdSeconds: number;
  /** For how long the windowed metric has been over its line without a break, at most `holdSeconds`. */
  readonly breachedForSeconds: number;
  readonly evidence: Evidence | null;
  /** The same metric of the baseline over the same window. */
  readonly baselineValue: number | null;
  readonly baselineN: number;
  /** held and everything else true: this line rolls back. */
  readonly acts: boolean;
  readonly hindrance: Hindrance | null;
}

export type Action =
  | { readonly kind: 'none' }
  /** All that must go at this instant, with the lines that say so; `line` is the first of them. */
  | {
      readonly kind: 'rollback';
      readonly line: LineVerdict;
      readonly arms: readonly string[];
      readonly lines: readonly LineVerdict[];
    }
  /** A held line that must not act, or a fault that a person should know of. */
  | { readonly kind: 'alert'; readonly line: LineVerdict; readonly hindrance: Hindrance }
  | { readonly kind: 'advance'; readonly to: string };

/** A hold that began and ended while no watchdog ran: it alerts and blocks advance, it does not roll back afterwards. */
export interface MissedHold {
  readonly arm: string;
  readonly metric: Metric;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Worse with the candidate than with the baseline beyond chance, whatever the lines say: it alerts and blocks advance. */
export interface Warning {
  readonly arm: string;
  readonly metric: 'failure_rate' | 'p95_latency_ms';
  readonly sinceMs: number;
  /** How many times likelier than luck of assignment, to 1. */
  readonly odds: number;
}

/** What the cost line was compared with, and where that came from. */
export interface BaselineCost {
  readonly usd: number;
  readonly source: 'policy' | 'environment' | 'before_rollout' | 'concurrent';
}

export interface Decision {
  readonly action: Action;
  readonly lines: readonly LineVerdict[];
  readonly missed: readonly MissedHold[];
  readonly warnings: readonly Warning[];
  readonly baselineCost: BaselineCost | null;
  readonly policyVersion: number;
  /** The grid instant that was judged: now, rounded down to ten seconds. */
  readonly atMs: number;
}
