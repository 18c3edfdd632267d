/** What there is to route between, as one document of the database: types only. */

export type SplitKind = 'image' | 'job' | 'relay' | 'assign';

/** One alternative of a split: a provider, with a model or parameters pinned to it where wanted. */
export interface ArmEntry {
  readonly name: string;
  readonly provider: string;
  readonly model: string | null;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface SplitEntry {
  readonly key: string;
  readonly slug: string;
  readonly kind: SplitKind;
  readonly label: string;
  /** Which requests come here unasked. */
  readonly match: { readonly prefixes?: readonly string[]; readonly models?: readonly string[] };
  /** Whether requests of this kind that say nothing and match nothing come here. */
  readonly isDefault: boolean;
  readonly archived: boolean;
  readonly arms: readonly ArmEntry[];
}

export interface ProviderEntry {
  readonly name: string;
  /** The code that speaks its wire format; null: nothing can be routed there. */
  readonly adapter: string | null;
  readonly label: string;
  /** null: the adapter's usual one. */
  readonly baseUrl: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: 'active' | 'draining' | 'off';
  readonly deprecated: boolean;
}

export interface ModelEntry {
  readonly alias: string;
  readonly provider: string;
  readonly providerModel: string;
  readonly price: Readonly<Record<string, unknown>> | null;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Registry {
  /** Grows with every change of any of it; 0 before the database said anything. */
  readonly version: number;
  readonly splits: readonly SplitEntry[];
  readonly providers: readonly ProviderEntry[];
  readonly models: readonly ModelEntry[];
}
