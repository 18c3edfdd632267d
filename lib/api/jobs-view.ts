/** A job in the list of its split. Instants are ISO 8601, UTC. */
export interface JobItem {
  readonly id: string;
  readonly state: string;
  readonly arm: string;
  readonly provider: string;
  /** The provider's own id; null: none came yet. */
  readonly upstream_id: string | null;
  /** null: it was passed on, and its create named none. */
  readonly model: string | null;
  readonly caller: string;
  readonly door: string;
  readonly created_at: string;
  /** Until now, or until it ended. */
  readonly age_seconds: number;
  readonly progress: number | null;
  /** Calls to providers before one accepted it, and that one. */
  readonly tries: number;
  /** Looks at it, and how many of the last taught nothing. */
  readonly polls: number;
  readonly misses: number;
  /** Until the next look; below 0: it is late; null: it has ended. */
  readonly due_in_seconds: number | null;
  /** Why it cannot be looked at; it waits, and is not failed for it. */
  readonly blocked: string | null;
  readonly cost_usd: number | null;
  readonly cost_basis: string | null;
  readonly charged: string;
  readonly error_kind: string | null;
  readonly error: string | null;
  readonly cancel_asked: boolean;
}

/** The body of GET /api/splits/{slug}/jobs. */
export interface JobsView {
  /** The newest first. */
  readonly jobs: readonly JobItem[];
  /** `before` of the page that follows; null: there is none. */
  readonly next: string | null;
  /** So far back was looked, where that ended the page and not its length. */
  readonly searched_to: string | null;
}

/** A member of what was asked for. What callers wrote and where their files lie is not told: only how long, or on which host. */
export interface ShownMember {
  readonly name: string;
  readonly value: string | number | boolean | null;
  readonly characters?: number;
  readonly host?: string;
}

export interface ShownOutput {
  readonly kind: string;
  readonly content_type: string | null;
  /** Not the whole address, by which the file could be fetched. */
  readonly host: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly seconds: number | null;
  readonly bytes: number | null;
}

interface JobAttempt {
  readonly attempt: number;
  readonly provider: string;
  readonly latency_ms: number | null;
  readonly error_kind: string | null;
  readonly error: string | null;
}

/** A row of the log that speaks of the job. */
export interface JobLogRow {
  readonly at: string;
  readonly type: string;
  readonly phase: string | null;
  readonly arm: string | null;
  readonly provider: string | null;
  readonly attempt: number | null;
  readonly latency_ms: number | null;
  readonly duration_ms: number | null;
  readonly outcome: string | null;
  readonly error_kind: string | null;
  readonly cost_usd: number | null;
}

/** The body of GET /api/splits/{slug}/jobs/{job}. */
export interface JobDetail extends JobItem {
  readonly assigned: string;
  readonly pinned: boolean;
  readonly stage: string | null;
  readonly weights_version: number | null;
  readonly adapter: string;
  /** 0: the environment's. */
  readonly key_version: number;
  readonly base_url: string;
  readonly provider_model: string;
  readonly request_id: string;
  readonly request: readonly ShownMember[];
  readonly attempts: readonly JobAttempt[];
  readonly outputs: readonly ShownOutput[];
  readonly queue_position: number | null;
  readonly http_status: number | null;
  readonly units: number | null;
  readonly cancel_said: string | null;
  readonly accepted_at: string | null;
  readonly started_at: string | null;
  readonly cancel_asked_at: string | null;
  readonly ended_at: string | null;
  /** When the provider's links expire. */
  readonly expires_at: string | null;
  readonly events: readonly JobLogRow[];
}

/** Jobs of one arm that have not ended, at one provider. */
export interface InFlight {
  readonly arm: string;
  readonly provider: string;
  readonly jobs: number;
  /** By state. */
  readonly attempting: number;
  readonly accepted: number;
  readonly running: number;
  readonly unknown: number;
  readonly blocked: number;
  /** Why, of one of those that are blocked. */
  readonly why: string | null;
  readonly oldest_seconds: number;
  /** When the last of those that are not blocked has ended at the latest, by its provider's age limit; null: not known. */
  readonly ends_by: string | null;
  /** How long the one waits that should have been looked at first; null: none is late. */
  readonly late_seconds: number | null;
}

/** What became of the jobs of one arm that were ordered lately: the two outcomes, each by itself. */
export interface JobOutcomes {
  readonly arm: string;
  /** Creates that were sent, and those of them that failed. */
  readonly sent: number;
  readonly not_accepted: number;
  /** Of those that were accepted as drawn. */
  readonly accepted: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** The body of GET /api/splits/{slug}/in-flight. */
export interface InFlightView {
  readonly in_flight: readonly InFlight[];
  readonly window_seconds: number;
  readonly lately: readonly JobOutcomes[];
}
