import type { JournalEntry } from '@/lib/api/journal-entry';
import { type ChangedMember, changedMembers, objectIn } from './changed-members';

interface RegistryChange {
  /** `fal`, `gen/runware`. */
  readonly name: string;
  /** What became otherwise; none where the row is new or gone. */
  readonly members: readonly ChangedMember[];
}

const named = ['split', 'provider', 'caller', 'key', 'name', 'alias', 'version'] as const;

/** A row of the registry before and after, as the journal keeps it: JSON, or whatever else stands there. */
export function registryChange({ was, becomes }: Pick<JournalEntry, 'was' | 'becomes'>): RegistryChange {
  const row = objectIn(becomes) ?? objectIn(was) ?? {};
  const name = named.flatMap((member) => (row[member] === undefined ? [] : [String(row[member])])).join('/');
  const members = changedMembers(was, becomes) ?? [];
  return { name: name === '' ? '?' : name, members: members.filter(({ member }) => !/_at$/.test(member)) };
}
