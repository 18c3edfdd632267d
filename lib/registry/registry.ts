import type { DialectRules } from './dialects/dialect';
import type { Quota } from './quota';

/** What there is to route between, as one document of the database. */

export const splitKinds = ['image', 'job', 'relay', 'assign'] as const;
export type SplitKind = (typeof splitKinds)[number];

export const providerStates = ['active', 'draining', 'off'] as const;
type ProviderState = (typeof providerStates)[number];

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
  /** Which requests come here without naming the split. */
  readonly match: { readonly prefixes?: readonly string[]; readonly models?: readonly string[] };
  /** What all callers together may spend on its jobs; left out: nothing is limited. */
  readonly quota?: Quota | undefined;
  /** How long the log keeps where its images lie, in hours; null or left out: as the environment says. */
  readonly imageHours?: number | null | undefined;
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
  readonly state: ProviderState;
  readonly deprecated: boolean;
}

export interface ModelEntry {
  readonly alias: string;
  readonly provider: string;
  readonly providerModel: string;
  readonly price: Readonly<Record<string, unknown>> | null;
  /** Our parameters → how each is called there. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Sent with every request, in the provider's own words. */
  readonly fixed: Readonly<Record<string, unknown>>;
  /** What happens to a request that another arm can be told and this one cannot. */
  readonly lossy: 'pin' | 'refuse' | 'drop';
  /** false: it counts as not there. */
  readonly enabled: boolean;
  /** Where its id and parameters were read, and when. */
  readonly source: string | null;
  /** It came with Sluice, and was not changed. */
  readonly shipped: boolean;
}

/** A dialect of one's own. */
export interface DialectEntry {
  readonly name: string;
  readonly rules: DialectRules;
}

export interface Registry {
  /** Grows with every change of any of it; 0 before the database said anything. */
  readonly version: number;
  readonly splits: readonly SplitEntry[];
  readonly providers: readonly ProviderEntry[];
  readonly models: readonly ModelEntry[];
  /** Beside those that ship. */
  readonly dialects: readonly DialectEntry[];
}
