/** What a provider is created from; parsed and checked by lib/config. */
export interface ProviderSettings {
  /** null: not configured. */
  readonly key: string | null;
  /** An origin, without a path. */
  readonly baseUrl: string;
  /** FAL: where the pricing API lives; left out, the same origin (the sandbox). */
  readonly apiBaseUrl?: string | undefined;
  /** An extra certificate authority, PEM. */
  readonly ca?: string | undefined;
}
