import type { JobLogRow } from './jobs-view';

/** `ok`: the first attempt answered; `rescued`: it failed and another answered; `refused`: by the content policy. */
export const requestOutcomes = ['ok', 'rescued', 'failed', 'refused'] as const;
export type RequestOutcome = (typeof requestOutcomes)[number];

/** The body of GET /api/splits/{slug}/requests: the newest first. */
export interface RequestsView {
  readonly requests: readonly RequestItem[];
  /** `before` of the page that follows; null: there is none. */
  readonly next: string | null;
  /** So far back was looked, where that ended the page and not its length. */
  readonly searched_to: string | null;
}

/** One request by its first attempt, which is what the red lines judge. */
export interface RequestItem {
  /** null: the row names none, and it cannot be opened. */
  readonly request_id: string | null;
  /** When its first attempt ended. */
  readonly at: string;
  readonly outcome: RequestOutcome;
  /** Of the first attempt. */
  readonly arm: string | null;
  readonly provider: string | null;
  readonly latency_ms: number | null;
  readonly error_kind: string | null;
  readonly error: string | null;
  /** The arm that answered; null: none did, or it is not known. */
  readonly answered_by: string | null;
  readonly total_ms: number | null;
  readonly cost_usd: number | null;
  readonly model: string | null;
  readonly size: string | null;
  readonly caller: string | null;
  readonly user_hash: string | null;
  readonly stage: string | null;
  readonly pinned: boolean;
  /** Where its result comes later. */
  readonly job: { readonly id: string; readonly state: string } | null;
}

export interface RequestAttempt {
  /** When it ended. */
  readonly at: string;
  readonly attempt: number | null;
  readonly arm: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  /** null: no provider was called. */
  readonly latency_ms: number | null;
  readonly queued_ms: number | null;
  readonly error_kind: string | null;
  readonly error: string | null;
  readonly http_status: number | null;
  readonly refused: boolean;
  /** What was our own doing counts for no provider. */
  readonly ours: boolean;
  /** `unknown`: it was sent, and what became of it is not known. */
  readonly outcome: string | null;
  readonly mapped: readonly string[];
  readonly dropped: readonly string[];
  readonly images: number | null;
  readonly cost_per_image: number | null;
  readonly cost_basis: string | null;
  readonly provider_request_id: string | null;
}

/** The body of GET /api/splits/{slug}/requests/{request_id}; without what its caller wrote. */
export interface RequestDetail extends Omit<RequestItem, 'request_id' | 'job'> {
  readonly request_id: string;
  /** What the weights drew. */
  readonly assigned: string | null;
  readonly weights_version: number | null;
  readonly price_key: string | null;
  readonly pinned_by: readonly string[];
  readonly attempts: readonly RequestAttempt[];
  /** How it ended for its caller; null: the log does not say, or not yet. */
  readonly end: {
    readonly at: string;
    readonly ok: boolean;
    readonly outcome: string | null;
    readonly error: string | null;
    readonly latency_ms: number | null;
    readonly images: number | null;
  } | null;
  readonly vouchers: readonly { readonly at: string; readonly reason: string | null }[];
  /** Where the images lie, only where SLUICE_EVENT_IMAGE_HOURS keeps that; `expired`: they are taken to be dead. */
  readonly images: {
    readonly kept: 'yes' | 'no' | 'expired';
    readonly urls: readonly string[];
    readonly until: string | null;
  };
  readonly job: {
    readonly id: string;
    readonly state: string;
    readonly created_at: string;
    readonly accepted_at: string | null;
    readonly started_at: string | null;
    readonly ended_at: string | null;
    /** What it cost, once that is known; its create did not know it. */
    readonly cost_usd: number | null;
    readonly cost_basis: string | null;
    readonly events: readonly JobLogRow[];
  } | null;
}
