import type { JournalEntry } from '@/lib/api/snapshot';

interface RegistryChange {
  /** `fal`, `gen/runware`. */
  readonly name: string;
  /** What became otherwise; none where the row is new or gone. */
  readonly members: readonly { readonly member: string; readonly was: string; readonly becomes: string }[];
}

const named = ['split', 'provider', 'caller', 'key', 'name', 'alias', 'version'] as const;

/** A row of the registry before and after, as the journal keeps it: JSON, or what somebody else wrote there. */
export function registryChange({ was, becomes }: Pick<JournalEntry, 'was' | 'becomes'>): RegistryChange {
  const [before, after] = [rowIn(was), rowIn(becomes)];
  const row = after ?? before ?? {};
  const name = named.flatMap((member) => (row[member] === undefined ? [] : [textOf(row[member])])).join('/');
  const members = before === null || after === null ? [] : Object.keys(after);
  return {
    name: name === '' ? '?' : name,
    members: members
      .map((member) => ({ member, was: textOf(before?.[member]), becomes: textOf(after?.[member]) }))
      .filter((each) => each.was !== each.becomes && !/_at$/.test(each.member)),
  };
}

function rowIn(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(text ?? 'null');
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '∅'));
