export const comparisonSides = ['left', 'right'] as const;
export type ComparisonSideName = (typeof comparisonSides)[number];
export const comparisonChoices = ['left', 'right', 'neither'] as const;
export type ComparisonChoice = (typeof comparisonChoices)[number];

/** What one arm made. Of a blind comparison nothing that tells which it was is here before a vote. */
export interface ComparisonSide {
  readonly ok: boolean;
  readonly arm: string | null;
  readonly provider: string | null;
  /** As the provider calls it. */
  readonly model: string | null;
  readonly request_id: string | null;
  readonly latency_ms: number | null;
  readonly cost_usd: number | null;
  readonly error_kind: string | null;
  readonly error: string | null;
}

export interface ComparisonVote {
  readonly by: string;
  readonly at: string;
  readonly choice: ComparisonChoice;
  /** Whom it was for; null: neither. */
  readonly arm: string | null;
  readonly reason: string | null;
}

/** The same prompt at two arms. Instants are ISO 8601, UTC. */
export interface ComparisonItem {
  readonly id: number;
  readonly at: string;
  readonly by: string;
  /** As it was asked for. */
  readonly model: string;
  /** sha256 of the prompt, as hex; the prompt is not kept. */
  readonly prompt_hash: string;
  readonly blind: boolean;
  /** Whether it is told which side was whose. */
  readonly told: boolean;
  /** Of both; null: not known. */
  readonly cost_usd: number | null;
  readonly sides: Readonly<Record<ComparisonSideName, ComparisonSide>>;
  readonly votes: readonly ComparisonVote[];
}

export interface ComparedImage {
  readonly url: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly content_type: string | null;
}

/** The answer that alone has the images. */
export interface ComparisonMade extends ComparisonItem {
  readonly images: Readonly<Record<ComparisonSideName, readonly ComparedImage[]>>;
}

/** What running it would cost; null where it is not known. */
export interface ComparisonPrice {
  readonly cost_usd: number | null;
  readonly arms: readonly {
    readonly arm: string;
    readonly provider: string;
    readonly cost_usd: number | null;
    /** By the price list; else by what the arm asked lately. */
    readonly basis: 'price_list' | 'lately' | 'unknown';
  }[];
}

export interface ComparisonsView {
  readonly comparisons: readonly ComparisonItem[];
  /** Of all that are kept. */
  readonly votes: { readonly arms: Readonly<Record<string, number>>; readonly neither: number };
  /** Of the split: only images can be compared. */
  readonly kind: 'image' | 'job' | 'relay' | 'assign';
  /** By the policy; null before there is one. */
  readonly baseline: string | null;
  readonly candidates: readonly string[];
  /** By alias: what its baseline and one of its candidates at least can make of a prompt alone. */
  readonly models: readonly string[];
}
