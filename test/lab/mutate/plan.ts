import type { Mutant } from './instrument';

/** What a run works from, written to a scratch file: the code with its mutants, and which of them to try. */
export interface Plan {
  /** Path from the root → code. */
  readonly code: Readonly<Record<string, string>>;
  readonly mutants: readonly Mutant[];
  /** How many ids there are. */
  readonly size: number;
  /** Each mutant tried is a line of JSON here. */
  readonly results: string;
}

export interface Tried {
  readonly id: number;
  /** `started` is written before, so that a mutant that hangs or crashes its process is known by name. */
  readonly outcome: 'started' | 'killed' | 'endless' | 'survived' | 'uncovered';
  /** The test that failed. */
  readonly by?: string;
  readonly ms?: number;
}
