import { bookDoubt } from '@/lib/control/journal/book-doubt';
import type { DatabaseUnderTest, RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

/** Of a file of this machine: also while the database does not answer. */
export function checkBook({ book }: DatabaseUnderTest): readonly Finding[] {
  const doubt = bookDoubt(book);
  return doubt === null ? [] : [problem('journal', doubt.what, 'read the anchors kept on this machine', doubt.fix)];
}

export function checkJournal({ guards: { journalFaults } }: RolloutFacts): Finding {
  const how = "verified every row's hash, the live rows and what was anchored on this machine";
  const first = journalFaults[0];
  if (!first) return ok('journal', 'the journal is whole', how);
  const what = `${first.flagKey} row ${first.seq}: ${first.fault}`;
  return problem(
    'journal',
    what,
    how,
    'somebody went past the guards; compare with a backup, with alerts and with logs: sluice journal --verify --anchor LINE',
  );
}
