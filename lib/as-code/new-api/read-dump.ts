import { type DumpRow, rowsOfSql } from './read-sql';
import { DumpFault } from './sql-text';
import type { Value } from './sql-values';

export { DumpFault };

/** Channels out of a dump, or out of what its API answers; throws a DumpFault. */
export function rowsOfDump(bytes: Uint8Array): readonly DumpRow[] {
  const text = textOf(bytes);
  const rows = /^\s*[[{]/.test(text) ? rowsOfJson(text) : rowsOfSql(text);
  if (rows.length > 0) return rows;
  throw new DumpFault('holds no channels: dump the table `channels`, with its data');
}

function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new DumpFault('is packed; unpack it first');
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new DumpFault('is packed; unpack it first');
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith('SQLite format 3')) throw new DumpFault('is a database; dump it first: sqlite3 FILE .dump');
  return text;
}

function rowsOfJson(text: string): readonly DumpRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DumpFault('is no JSON, although it begins like it');
  }
  return (listIn(value) ?? []).map((entry) => {
    if (typeof entry !== 'object' || entry === null) throw new DumpFault('holds entries that are no objects');
    return new Map(Object.entries(entry).map(([name, member]) => [name.toLowerCase(), plain(member)]));
  });
}

/** A list, or where the API has it: `data`, or its `items`. */
function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  for (const name of ['data', 'items', 'channels', 'list']) {
    if (!Object.hasOwn(value, name)) continue;
    const found = listIn((value as Readonly<Record<string, unknown>>)[name]);
    if (found !== null) return found;
  }
  return null;
}

/** A table keeps an object as text. */
function plain(member: unknown): Value {
  if (Array.isArray(member) && member.every((each) => typeof each === 'string')) return member.join(',');
  return typeof member === 'object' && member !== null ? JSON.stringify(member) : (member as Value);
}
