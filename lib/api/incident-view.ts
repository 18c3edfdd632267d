import type { JournalEntry } from './journal-entry';

/** The body of GET /api/splits/{slug}/incidents/{seq}: one rollback, what led to it and what came of it. */
export interface IncidentView {
  readonly split: string;
  readonly slug: string;
  readonly baseline: string;
  /** The candidates that lost their share. */
  readonly arms: readonly string[];
  /** No person decided. */
  readonly automatic: boolean;
  /** As the journal has it: verdict, numbers and reason of that moment, which nothing changes any more. */
  readonly entry: JournalEntry;
  readonly times: IncidentTimes;
  /** What the charts beside it show. */
  readonly charts: Span;
  /** Of the candidates' first attempts in `counted`; `whole` is false where there were too many to read them all. */
  readonly harm: {
    readonly counted: Span;
    readonly whole: boolean;
    readonly requests: number;
    /** Their callers got an error. */
    readonly hurt: Harmed;
    /** Another arm answered instead. */
    readonly rescued: Harmed;
    /** As slow as the latency line or slower, failed or not; null where no latency line decided. */
    readonly slow: number | null;
  };
  /** The most frequent first. */
  readonly failures: readonly IncidentFailure[];
  /** Of the 24 hours before, the newest first; without evidence. */
  readonly before: readonly JournalEntry[];
  /** The baseline alone; null where it had no requests or the buckets are gone. */
  readonly recovery: {
    readonly before: SideFigures | null;
    readonly during: SideFigures | null;
    readonly after: SideFigures | null;
  };
  /** The first that came after it. */
  readonly rearmed: { readonly at: string; readonly by: string; readonly journal_id: number } | null;
}

interface Span {
  readonly from: string;
  readonly to: string;
}

interface IncidentTimes {
  /** Over its line without a break since then, as the verdict says; null where no line decided. */
  readonly breach_began_at: string | null;
  readonly rolled_back_at: string;
  /** The last that was sent to one of the candidates by its draw; null: the log has none. */
  readonly last_request_at: string | null;
  /** From the breach. */
  readonly seconds_to_rollback: number | null;
  /** From the breach, or where no line decided from the rollback. */
  readonly seconds_to_last_request: number | null;
}

interface Harmed {
  readonly requests: number;
  /** Of those who are known. */
  readonly users: number;
  readonly without_user: number;
}

export interface IncidentFailure {
  readonly arm: string | null;
  readonly kind: string;
  readonly model: string | null;
  readonly requests: number;
  readonly rescued: number;
  /** The newest. */
  readonly example: { readonly request_id: string; readonly at: string; readonly error: string | null } | null;
}

export interface SideFigures {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  readonly failure_rate: number;
  readonly p95_latency_ms: number | null;
}
