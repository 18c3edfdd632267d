import type { StoredEvent } from '../stored-event';

export interface Clocks {
  now(): number;
  monotonic(): number;
  /** Tells this run of the process from any other: monotonic clocks of two runs cannot be compared. */
  readonly run: string;
}

/** One head line with the clocks at the time of writing, then one event a line. */
export function writeSegment(events: readonly StoredEvent[], clocks: Clocks): string {
  const head = { run: clocks.run, wall_ms: clocks.now(), monotonic_ms: clocks.monotonic() };
  return `${JSON.stringify(head)}\n${events.map((event) => `${JSON.stringify(event)}\n`).join('')}`;
}

/** The whole lines of a segment, their ages brought up to now; a torn last line is no event. */
export function readSegment(text: string, clocks: Clocks): StoredEvent[] {
  const lines = text.split('\n').slice(0, -1).map(parseLine);
  const head = lines.shift() as { run: string; wall_ms: number; monotonic_ms: number } | null | undefined;
  if (!head || typeof head.wall_ms !== 'number') return [];
  const isOfThisRun = head.run === clocks.run && typeof head.monotonic_ms === 'number';
  const waited = isOfThisRun ? clocks.monotonic() - head.monotonic_ms : clocks.now() - head.wall_ms;
  const waitedMs = Number.isFinite(waited) ? Math.max(0, waited) : 0;
  const events = lines.filter((line): line is StoredEvent => isEvent(line));
  return events.map((event) => ({ ...event, age_ms: Math.max(0, event.age_ms) + waitedMs }));
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** What a disk or a person damaged must not reach the store, which would refuse the whole batch for it. */
function isEvent(line: unknown): boolean {
  const { event_type, event_data, age_ms } = (line ?? {}) as Partial<StoredEvent>;
  const hasData = typeof event_data === 'object' && event_data !== null && !Array.isArray(event_data);
  return typeof event_type === 'string' && hasData && Number.isFinite(age_ms);
}
