type Fields = Readonly<Record<string, unknown>>;

/** What of a row of `sluice.models` can be held against its vendor's schema. */
export interface ModelRow {
  readonly alias: string;
  readonly provider: string;
  readonly providerModel: string;
  readonly params: Readonly<Record<string, string | Fields>>;
  readonly fixed: Fields;
}
