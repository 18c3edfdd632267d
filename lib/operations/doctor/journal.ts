import type { RolloutFacts } from '../ports';
import { type Finding, ok, problem } from './finding';

export function checkJournal({ journalFaults }: RolloutFacts): Finding {
  const how = "verified every row's hash";
  const first = journalFaults[0];
  if (!first) return ok('journal', 'the journal is whole', how);
  const what = `${first.flagKey} row ${first.seq}: ${first.fault}`;
  return problem('journal', what, how, 'somebody with superuser rights changed history; compare with a backup');
}
