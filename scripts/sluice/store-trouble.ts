import { storeFault, storeSentence } from '@/lib/kernel/store-fault';
import { type KnownDatabase, subjectOf } from '../known-database';
import { type Command, Said } from './command';

/** The database could not do it; the message says what was not written, why and what to do. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';

  constructor(
    sentence: string,
    readonly members: Readonly<Record<string, unknown>>,
    options: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

interface Act {
  readonly writes: Command['writes'];
  /** Before that it has only read. */
  readonly begun: boolean;
}

/** What a verb failed with, as it is told: an error of the driver or of Postgres becomes a sentence. */
export function inWords(error: unknown, database: KnownDatabase | null, { writes, begun }: Act): unknown {
  const fault = error instanceof Said || database === null ? null : storeFault(error);
  if (fault === null || database === null) return error;
  const told = begun ? fault : { ...fault, mayHaveLanded: false };
  const write = writes === undefined ? {} : { write: writes };
  const sentence = storeSentence(told, { subject: subjectOf(database), isOurs: database.embedded, ...write });
  return new StoreTrouble(sentence, { database: database.place }, { cause: error });
}
