import { fieldFault } from '@/lib/http/body/read-body';
import { excerpt } from '@/lib/kernel/excerpt';
import { Problem } from './problem';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const longestDays = 10;

/** A whole number in a query, or its default; anything else is named. */
export function integerOf(
  query: URLSearchParams,
  name: string,
  range: readonly [number, number],
  absent: number,
): number {
  const text = query.get(name);
  if (text === null) return absent;
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range[0] && value <= range[1]) return value;
  throw fault(name, text, `must be a whole number from ${range[0]} to ${range[1]}`);
}

export function instantOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw fault(name, text, 'must be an instant such as 2026-11-21T03:00:00Z');
}

/** `window=6h`: seconds, at most ten days. */
export function windowOf(query: URLSearchParams, absent: string): number {
  const text = query.get('window') ?? absent;
  const [, count = '', unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count || Number.NaN) * (units[unit] ?? Number.NaN);
  if (seconds >= 60 && seconds <= longestDays * 86_400) return seconds;
  throw fault('window', text, `must be a duration from 1m to ${longestDays}d, such as 6h`);
}

/** `from` and `to`, or the last `window`: judged now, placed when the database has said what time it is. */
export function spanOf(query: URLSearchParams, absent: string): (nowMs: number) => { fromMs: number; toMs: number } {
  const [from, to] = [instantOf(query, 'from'), instantOf(query, 'to')];
  const windowMs = windowOf(query, absent) * 1000;
  refuseBackwards(query, from, to);
  return (nowMs) => {
    const toMs = to ?? nowMs;
    const fromMs = from ?? toMs - windowMs;
    refuseBackwards(query, fromMs, toMs);
    if (toMs - fromMs <= longestDays * 86_400_000) return { fromMs, toMs };
    throw fault('from', query.get('from') ?? '', `must be at most ${longestDays} days before to`);
  };
}

export function refuseBackwards(query: URLSearchParams, fromMs: number | undefined, toMs: number | undefined): void {
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw fault('from', query.get('from') ?? '', 'must not be later than to');
  }
}

function fault(name: string, text: string, rule: string) {
  return fieldFault('query-invalid', name, `is ${JSON.stringify(excerpt(text))}; it ${rule}`);
}

/** The number that stands for `{id}` in a path: `/api/journal/41` → 41. */
export function idIn(path: string, pattern: string): number {
  const text = path.slice(pattern.indexOf('{id}')).split('/')[0] ?? '';
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Problem(404, 'not-found', `There is nothing at ${excerpt(path)}: an id is a whole number.`);
}
