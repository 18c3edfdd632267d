import type { JournalEntry } from '@/lib/api/journal-entry';
import { Refusal } from '@/lib/kernel/refusal';
import type { Control } from '../control';

export async function readEntry(control: Pick<Control, 'journal'>, id: number): Promise<JournalEntry> {
  const entry = await control.journal.get(id);
  if (entry === null) throw new Refusal('no-such-entry', `The journal has no entry ${id}.`);
  return entry;
}
