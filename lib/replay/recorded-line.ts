import { excerpt } from '@/lib/kernel/excerpt';
import { parseInstant } from '@/lib/kernel/instant';

/** What is replayed happened in our time; a stray year would be walked to tick by tick. */
const [firstMs, lastMs] = [Date.UTC(2000, 0, 1), Date.UTC(2101, 0, 1)];

/** The instant in epoch milliseconds, or what is wrong with it. */
export function instantOf(line: Record<string, unknown>, name: string): number | string {
  const value = line[name];
  const atMs = typeof value === 'string' ? parseInstant(value) : null;
  const shown = excerptOrMissing(JSON.stringify(value));
  if (atMs === null) return `${name} is ${shown}; it must be an ISO instant`;
  if (atMs < firstMs || atMs >= lastMs) return `${name} is ${shown}; it must be in the years 2000 to 2100`;
  return atMs;
}

const excerptOrMissing = (text: string | undefined): string => (text === undefined ? 'missing' : excerpt(text));

/** `event_data` as an object, or as the text that a CSV export makes of it. Anything else says nothing. */
export function objectOf(value: unknown): Record<string, unknown> | null {
  let data = value;
  if (typeof value === 'string') {
    try {
      data = JSON.parse(value);
    } catch {
      return null;
    }
  }
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : null;
}
