import type { Change, Environment } from './change';
import type { StoredState } from './read-state';

export interface Applying {
  readonly changes: readonly Change[];
  readonly state: StoredState;
  readonly actor: string;
  /** Which file, as the journal keeps it. */
  readonly reason: string;
  readonly environment: Environment;
}
