import { createHash } from 'node:crypto';
import type { Sql } from '@/lib/postgres/sql';
import type { Wanted } from './change';
import { unsetVariables } from './channels';
import { crossFaults, originFaults } from './cross-faults';
import { type Differences, differencesOf } from './differences';
import { type FileRow, type PlacedFault, rowsOfFile } from './file/file-rows';
import type { FileFault } from './file/parse-yaml';
import { type ReadFile, readConfig } from './file/read-file';
import { readState, type StoredState } from './read-state';

/** The file cannot be used; every fault of it, each with its place. */
export class FileFaults extends Error {
  override readonly name = 'FileFaults';

  constructor(
    readonly file: string,
    readonly faults: readonly FileFault[],
  ) {
    super(sentenceOf(file, faults));
  }
}

const mostShown = 200;

function sentenceOf(file: string, faults: readonly FileFault[]): string {
  const sorted = [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
  const shown = sorted
    .slice(0, mostShown)
    .map(({ line, column, sentence }) => `${file}:${line}:${column}: ${sentence}.`);
  const rest = faults.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${file}: and ${rest} more.`] : [])].join('\n');
}

export interface Plan extends Differences {
  readonly file: string;
  readonly sha256: string;
  readonly read: ReadFile;
  readonly wanted: Wanted;
  readonly state: StoredState;
  /** Variables that channels need and that are not set here. */
  readonly unset: readonly string[];
}

interface Asked extends Pick<Wanted, 'prune' | 'environment'> {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What a file would change in a database: nothing is written. */
export async function makePlan(sql: Sql, { file, bytes, prune, environment }: Asked): Promise<Plan> {
  const { read, rows } = readRows(file, bytes);
  const wanted = { rows, prune, environment };
  const state = await readState(sql);
  refuse(file, read, [...crossFaults(wanted, state), ...(await originFaults(sql, wanted))]);
  const differences = differencesOf(wanted, state);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    ...differences,
    file,
    sha256,
    read,
    wanted,
    state,
    unset: unsetVariables(differences.changes, state, environment),
  };
}

/** The file alone, without a database. */
export function readRows(file: string, bytes: Uint8Array): { read: ReadFile; rows: readonly FileRow[] } {
  const reading = readConfig(bytes);
  if (!reading.ok) throw new FileFaults(file, reading.faults);
  const { rows, faults } = rowsOfFile(reading.file);
  refuse(file, reading.file, faults);
  return { read: reading.file, rows };
}

function refuse(file: string, { placeOf }: ReadFile, faults: readonly PlacedFault[]): void {
  if (faults.length > 0)
    throw new FileFaults(
      file,
      faults.map(({ place, sentence }) => ({ ...placeOf(place), sentence })),
    );
}
