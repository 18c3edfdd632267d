/** How one of our parameters is called at a provider, or how a size is said there, in the forms of lib/registry/model-rule.ts. */
export type ShippedRule = string | Readonly<Record<string, unknown>>;

export type ShippedRules = Readonly<Record<string, ShippedRule>>;

/** A row of `sluice.models` that every installation begins with. */
export interface ShippedModel {
  /** What callers write. */
  readonly alias: string;
  readonly provider: 'fal' | 'runware';
  /** The vendor's own name of it. */
  readonly providerModel: string;
  /** Empty: learnt from the vendor's own prices, or every answer is billed. */
  readonly price: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, ShippedRule>>;
  /** Sent with every request, in the vendor's words. */
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly lossy: 'pin' | 'refuse' | 'drop';
  /** False: something of it could not be confirmed, which `source` says; counts as not there. */
  readonly enabled: boolean;
  /** Where id and parameters were read, and when. */
  readonly source: string;
}
