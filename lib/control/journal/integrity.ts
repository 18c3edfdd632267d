/** The newest row of one flag's chain, as it was seen. */
export interface Head {
  readonly flagKey: string;
  readonly seq: number;
  readonly hash: string;
}

/** What went past the guards. `key` is the same for as long as it lasts. */
export interface IntegrityFault {
  readonly key: string;
  readonly sentence: string;
}
