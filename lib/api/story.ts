import type { Hindrance, VerdictKind } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';

/** What happened to the split up to now, in little: its attempts, and when lines were crossed. Oldest first. */
export interface StoryView {
  /** The last few. The newest goes on where `ended` is null. */
  readonly attempts: readonly RolloutAttempt[];
  readonly breaches: readonly BreachSpan[];
  /** What let the plan begin again after the last attempt; null once it has, and where nothing fell. */
  readonly rearmed: StoryRearm | null;
}

/** An operator re-armed it, and said why it is safe to begin again. */
export interface StoryRearm {
  readonly at: string;
  readonly by: string;
  readonly reason: string | null;
  readonly journal_id: number;
}

/** From a candidate's first share to its last. */
export interface RolloutAttempt {
  readonly from: string;
  /** The weights, and since when. */
  readonly steps: readonly ShareStep[];
  readonly marks: readonly StoryMark[];
  readonly ended: AttemptEnd | null;
}

interface ShareStep {
  readonly at: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly stage: string | null;
}

/** Something that a person or the watchdog did; leads to its row of the journal. */
export interface StoryMark {
  readonly at: string;
  readonly verb: string;
  readonly by: string;
  /** The stage that it led to; null where the stage stayed. */
  readonly stage: string | null;
  readonly journal_id: number;
}

/** From how far it fell, and why. */
export interface AttemptEnd {
  readonly at: string;
  readonly by: string;
  readonly verb: string;
  readonly stage: string | null;
  /** Of all candidates together, just before. */
  readonly share: number;
  /** The line that decided; null where a person did. */
  readonly metric: Metric | null;
  readonly value: number | null;
  readonly reason: string | null;
  readonly journal_id: number;
}

/** A line was crossed beyond chance; `to` is null while it is. */
export interface BreachSpan {
  readonly arm: string | null;
  readonly metric: Metric;
  readonly from: string;
  readonly to: string | null;
}

/** What the ticks of the last hour said of one line, a value a minute; null where none said anything. */
export interface LineTrend {
  readonly from: string;
  readonly step_seconds: number;
  readonly values: readonly (number | null)[];
  readonly baseline: readonly (number | null)[];
  /** [first, last] of the values that were over the line. */
  readonly over: readonly (readonly [number, number])[];
  /** The last time that it was over and nothing was rolled back; null where it never was, or is now. */
  readonly spared: SparedBreach | null;
}

/** Over its line, and let be: why. */
export interface SparedBreach {
  readonly from: string;
  readonly to: string;
  readonly verdict: VerdictKind;
  readonly hindrance: Hindrance | null;
  /** Of its hold, at most. */
  readonly over_seconds: number;
  readonly hits: number | null;
  readonly n: number | null;
  /** Of luck alone. */
  readonly chance: number | null;
}

/** What goes through the split, and who is on the candidates. */
export interface TrafficView {
  readonly window_seconds: number;
  /** First attempts of all arms in the window. */
  readonly requests: number;
  /** In the last whole minute; below ten the mean of the window. */
  readonly per_minute: number;
  readonly failed: number;
  /** Of the window's requests those that another arm answered; null: not known in time. */
  readonly rescued: number | null;
  /** Who was given a candidate in the last hour; null: not known in time, or requests name no user. */
  readonly users: number | null;
  /** What the candidates cost more than the baseline would have, since the attempt began; null: nothing is priced. */
  readonly extra_usd: number | null;
}
