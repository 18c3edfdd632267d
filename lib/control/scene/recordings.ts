export interface RecordingQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** Also the policy's writes; a what-if leaves them out, for it is the policy. */
  readonly withPolicies: boolean;
}

/** The log as `replay` reads it: one JSON line an event or flag write, in the shape of the rows. */
export interface RecordingStore {
  /** Rows that can move a metric in (fromMs, toMs]. */
  count(fromMs: number, toMs: number): Promise<number>;
  /** Flag writes first (the last ones before the span included), then events as they lie. */
  lines(query: RecordingQuery, take: (line: string) => void): Promise<void>;
}
