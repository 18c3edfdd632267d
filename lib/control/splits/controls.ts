import type { Control } from '../control';
import type { PassStore } from '../ticks/pass-store';
import type { RegistryStore } from './registry-store';
import type { SplitLine } from './split-lines';
import type { ListedSplit } from './split-list';

/** The control planes of all splits, one engine for each of them. */
export interface Controls<One extends Control = Control> {
  /** The split that is meant where none is named. */
  readonly first: One;
  /** Which splits there are, their arms, the providers and their models. */
  readonly registry: RegistryStore;
  /** Made when it is first asked for, and kept. */
  of(key: string): One;
  /** Every registered split, the archived ones included. */
  list(): Promise<readonly ListedSplit[]>;
  /** What the last tick said of each candidate, in the first so many splits of the list. */
  lines(mostSplits: number): Promise<readonly SplitLine[]>;
  /** null: no split is called so. */
  bySlug(slug: string): Promise<One | null>;
  readonly passes: PassStore;
}
