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

export interface IntegrityStore {
  /**
   * All at one instant: the guards, the live rows beside the journal, heads that were seen before. `isWhole` also
   * verifies every hash, which reads the journal through.
   */
  check(
    seen: readonly Head[],
    isWhole: boolean,
  ): Promise<{
    readonly faults: readonly IntegrityFault[];
    readonly heads: readonly Head[];
  }>;
}

/** What this machine has seen of the journal, where no one who writes the database can change it. */
export interface AnchorBook {
  load(): readonly Head[];
  /** The heads of now, signed; the line that says so. */
  keep(heads: readonly Head[], at: Date): string;
  /** The newest line, for whoever reads alerts and logs; null before there is one. */
  line(): string | null;
  /** Why what is kept cannot be trusted: a line that this machine's key did not sign. null also where there is none. */
  doubt(): string | null;
  /** Whose it is: a short name of the key that signs it. */
  readonly owner: string;
  /** Where it is kept: to be deleted when a database was restored on purpose. */
  readonly place: string;
}
