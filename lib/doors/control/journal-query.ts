import type { JournalQuery } from '@/lib/control/journal/journal-store';
import { fieldFault } from '@/lib/http/body/read-body';
import { instantOf, integerOf, refuseBackwards } from '@/lib/http/query';

const longestText = 200;

export function journalQuery(search: URLSearchParams): { query: JournalQuery; format: 'json' | 'csv' } {
  const format = search.get('format') ?? 'json';
  if (format !== 'json' && format !== 'csv') throw fieldFault('query-invalid', 'format', 'must be json or csv');
  const most = format === 'csv' ? 10_000 : 500;
  const limit = integerOf(search, 'limit', [1, most], format === 'csv' ? most : 50);
  const beforeId = search.has('before') ? integerOf(search, 'before', [1, Number.MAX_SAFE_INTEGER], 0) : undefined;
  const fromMs = instantOf(search, 'from');
  const toMs = instantOf(search, 'to');
  refuseBackwards(search, fromMs, toMs);
  const given = { beforeId, fromMs, toMs, flagKey: text(search, 'flag'), actor: text(search, 'actor') };
  const query = { limit, ...given, verb: text(search, 'verb'), text: text(search, 'text') };
  return { query: dropUndefined(query), format };
}

function text(search: URLSearchParams, name: string): string | undefined {
  const value = search.get(name);
  if (value === null || value === '') return undefined;
  if (value.length > longestText || value.includes('\0')) {
    throw fieldFault('query-invalid', name, `must be at most ${longestText} characters, without NUL`);
  }
  return value;
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
