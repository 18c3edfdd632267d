import type { Control } from '../control';
import type { SplitRow } from '../flags/stored-flags';
import { staleVersion } from './settle-write';

/** Answers a stale tab before anything is judged: what it saw is no longer so, and by whom. */
export async function refuseStale(control: Control, row: SplitRow, expectedVersion: number): Promise<void> {
  if (row.version === expectedVersion) return;
  const [last] = await control.journal.list({ limit: 1, flagKey: control.facts.split });
  throw staleVersion(expectedVersion, { row, by: last?.actor ?? null, atMs: last ? Date.parse(last.at) : null });
}
