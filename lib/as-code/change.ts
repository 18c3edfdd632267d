import type { FileRow } from './file/file-rows';
import type { Place } from './file/parse-yaml';
import type { Row } from './rows';

/** A leaf of a row that differs; undefined: it is not there. */
export interface FieldChange {
  readonly field: string;
  readonly was: unknown;
  readonly becomes: unknown;
}

export interface Change {
  readonly kind: 'add' | 'change' | 'remove';
  readonly row: Row;
  readonly fields: readonly FieldChange[];
  /** null: the file does not name it. */
  readonly place: Place | null;
}

export type Environment = (name: string) => string | undefined;

/** What the file asks for. */
export interface Wanted {
  readonly rows: readonly FileRow[];
  /** Remove what the file does not name. */
  readonly prune: boolean;
  readonly environment: Environment;
}
