export interface PolicyView {
  /** 0 while the default judges. */
  readonly version: number;
  readonly source: 'default' | 'row';
  readonly fault: string | null;
  readonly policy: object;
}

export interface Written {
  readonly version: number;
  readonly journal_id: number | null;
}

export interface ProviderHealth {
  readonly ok: boolean;
  readonly latency_ms: number | null;
  readonly error: string | null;
  readonly configured: boolean;
  readonly deprecated?: true;
}

export interface RecentRequests {
  readonly requests: number;
  readonly failures: number;
  readonly window_seconds: number;
  /** How long those took that have a time; null where none has. */
  readonly p95_ms: number | null;
}

/** One split, as GET /api/health shows it; null: it has no weights yet. */
export interface SplitHealth {
  readonly stage: string | null;
  readonly weights: Readonly<Record<string, number>> | null;
  readonly version: number | null;
  readonly primary: string | null;
  /** Why it is not routed as the store says. */
  readonly fault: string | null;
  /** Why arms are given nothing, by their names; left out where all may be called. */
  readonly arms?: Readonly<Record<string, string>>;
  /** What is wrong with the providers of arms that are called all the same; left out where nothing is. */
  readonly unwell?: Readonly<Record<string, string>>;
}

/** One attempt, as the caller hears of it. */
export interface AttemptView {
  readonly attempt: number;
  readonly provider: string;
  readonly latency_ms: number | null;
  readonly error_kind: string | null;
  readonly error: string | null;
  /** How long it waited for a connection to come free; left out when it did not. */
  readonly queued_ms?: number;
}

/** `units_x_price` is an estimate from reported units; `price_list` one from the size of the images alone. */
export type CostBasis = 'billed' | 'units_x_price' | 'price_list' | 'unknown';
