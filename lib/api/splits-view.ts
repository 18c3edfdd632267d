import type { Metric } from '@/lib/split/policy/metrics';

/** One split of the list: where it stands, without what a page about it shows. Instants are ISO 8601, UTC. */
export interface SplitItem {
  readonly slug: string;
  readonly key: string;
  readonly kind: 'image' | 'job' | 'relay' | 'assign';
  readonly label: string;
  /** Of a relay: the first parts of paths that come to it. */
  readonly prefixes: readonly string[];
  readonly is_default: boolean;
  readonly archived_at: string | null;
  /** The version of its weights; null: it never had any. */
  readonly version: number | null;
  /** As stored; null where nothing is, or nothing that can be read. */
  readonly weights: Readonly<Record<string, number>> | null;
  readonly stage: string | null;
  /** The arms that were taken back alone: the stage goes on without them. */
  readonly without: readonly string[];
  /** The arm that everything goes back to; null where no policy says. */
  readonly baseline: string | null;
  /** What all candidates take together. */
  readonly candidate_share: number | null;
  /** The worst that the last tick said of a red line; null where it judged none. */
  readonly worst: string | null;
  /** Which line that was, with its numbers. */
  readonly worst_line: {
    readonly arm: string;
    readonly metric: Metric;
    readonly value: number | null;
    readonly limit: number | null;
    /** Since when it is over; null where it is not, or has been for its whole hold and nobody looked further back. */
    readonly over_since: string | null;
    /** When it rolls back by itself if it stays over its line; null where it is not over, or would only alert. */
    readonly acts_at: string | null;
  } | null;
  /** Why the last tick could not judge it. */
  readonly error: string | null;
  /** The stage that advancing leads to. */
  readonly next: string | null;
  /** When the time of this stage will have been served; null while paused, without an end, or outside a stage. */
  readonly eligible_at: string | null;
  readonly since: string | null;
  readonly by: string | null;
  readonly paused: boolean;
  readonly paused_by: string | null;
  readonly pause_reason: string | null;
  readonly rolled_back: boolean;
  /** Who let it begin again, while it has not. */
  readonly rearmed_by: string | null;
  /** The candidates' share since the attempt began, or the last one did: the last steps, oldest first. */
  readonly shares: readonly { readonly at: string; readonly share: number }[];
  /** First attempts in the last whole minute; below ten the mean of five. */
  readonly per_minute: number;
  /** How long its events keep where images lie; null: as SLUICE_EVENT_IMAGE_HOURS says. */
  readonly image_hours: number | null;
}

/** The body of GET /api/splits, and of each `splits` event of GET /api/splits/stream. */
export interface SplitsView {
  readonly now: string;
  /** Of the registry. */
  readonly version: number;
  readonly splits: readonly SplitItem[];
}

export interface ArmView {
  readonly name: string;
  readonly provider: string;
  readonly model: string | null;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface ProviderEntryView {
  readonly name: string;
  readonly adapter: string | null;
  readonly label: string;
  readonly base_url: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: 'active' | 'draining' | 'off';
  readonly deprecated: boolean;
  /** Which arms need it. */
  readonly arms: readonly { readonly split: string; readonly name: string }[];
}

/** What is sent to see whether a provider works. */
export type TestAsked =
  | { readonly kind: 'image'; readonly model: string; readonly size: string }
  | { readonly kind: 'question' };

/** The body of POST /api/providers/{name}/test. */
export interface ProviderTestView {
  readonly provider: string;
  readonly asked: TestAsked;
  readonly ok: boolean;
  readonly latency_ms: number;
  /** null: it is not known. */
  readonly cost_usd: number | null;
  readonly error_kind: string | null;
  /** In the provider's words. */
  readonly error: string | null;
  /** Whether the journal has it; the store may go away while the provider is asked. */
  readonly journaled: boolean;
}

export interface ModelView {
  readonly alias: string;
  readonly provider: string;
  readonly provider_model: string;
  readonly price: Readonly<Record<string, unknown>> | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly lossy: 'pin' | 'refuse' | 'drop';
  readonly enabled: boolean;
  readonly source: string | null;
  readonly shipped: boolean;
}
