import type { JournalEntry } from '@/lib/api/journal-entry';
import type { JournalStore } from '@/lib/control/journal/journal-store';

const dayMs = 86_400_000;
const mostShown = 60;

/** What anybody changed in the day before that could have to do with it: the split, what it stands on, who may act. */
export async function changesBefore(
  journal: Pick<JournalStore, 'list'>,
  split: string,
  { id, at }: JournalEntry,
): Promise<readonly JournalEntry[]> {
  const span = { beforeId: id, fromMs: Date.parse(at) - dayMs, limit: mostShown };
  const parts = await Promise.all([
    journal.list({ ...span, split }),
    journal.list({ ...span, flagKey: 'sluice.registry' }),
    journal.list({ ...span, flagKey: 'sluice.access' }),
  ]);
  const known = new Map(parts.flat().map((entry) => [entry.id, entry]));
  return [...known.values()]
    .filter((entry) => !isElsewhere(entry, split) && !/^sign_/.test(entry.verb))
    .sort((a, b) => b.id - a.id)
    .slice(0, mostShown)
    .map((entry) => ({ ...entry, evidence: null }));
}

/** Of another split: a row of the registry names its own. */
function isElsewhere({ flag_key, was, becomes }: JournalEntry, split: string): boolean {
  if (flag_key !== 'sluice.registry') return false;
  const of = splitIn(becomes ?? was);
  return of !== null && of !== split;
}

function splitIn(text: string | null): string | null {
  try {
    const row = JSON.parse(text ?? 'null') as { split?: unknown; key?: unknown } | null;
    const said = row?.split ?? row?.key;
    return typeof said === 'string' ? said : null;
  } catch {
    return null;
  }
}
