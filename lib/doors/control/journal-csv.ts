import type { JournalEntry } from '@/lib/api/journal-entry';
import { shownLines } from '@/lib/kernel/plain-text';

const columns = [
  'id',
  'at',
  'flag_key',
  'actor',
  'login',
  'verb',
  'was',
  'becomes',
  'stage_from',
  'stage_to',
  'version_from',
  'version',
  'reason',
  'evidence',
  'policy_version',
  'hash',
] as const satisfies readonly (keyof JournalEntry)[];

/** For spreadsheets: a byte-order mark, so that they read UTF-8, and no cell that they would run as a formula. */
export function journalCsv(entries: readonly JournalEntry[]): string {
  const rows = entries.map((entry) => columns.map((name) => cell(entry[name])).join(','));
  return `\uFEFF${[columns.join(','), ...rows].join('\r\n')}\r\n`;
}

/** Also as spreadsheets normalise it: full-width and small forms are taken for the sign itself. */
function isFormula(text: string): boolean {
  return /^[\s\p{Cf}]*[=+\-−@]/u.test(text.normalize('NFKC')) || /^[\t\r]/.test(text);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = shownLines(typeof value === 'string' ? value : JSON.stringify(value));
  const safe = isFormula(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
