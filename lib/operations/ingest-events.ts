import type { EventQueue } from './event-queue';

export interface IngestRules {
  readonly providers: readonly string[];
  readonly nowMs: number;
}

export interface ItemFault {
  readonly pointer: string;
  readonly detail: string;
}

const longestAgeMs = 24 * 3_600_000;
/** Clocks of other services run a little ahead; what they date a moment from now happened now. */
const aheadMs = 60_000;
const deepest = 5;

/** What a metric could be moved by, and the range that an honest value has: the same as the database's guard. */
export const eventRanges: Readonly<Record<string, readonly [number, number, string]>> = {
  latency_ms: [0, 3_600_000, 'milliseconds'],
  cost_per_image: [0, 1000, 'US dollars'],
  images: [0, 10_000, 'images'],
  attempt: [1, 1000, 'attempts'],
};

/** Records the good items and says what is wrong with each of the others. */
export function ingestEvents(events: EventQueue, items: readonly unknown[], rules: IngestRules): ItemFault[] {
  const faults: ItemFault[] = [];
  for (const [index, item] of items.entries()) {
    const found = faultsOf(item, rules);
    faults.push(...found.map(({ pointer, detail }) => ({ pointer: `/${index}${pointer}`, detail })));
    if (found.length > 0) continue;
    const { event_type, event_data = {}, created_at } = item as Item;
    const ageMs = created_at === undefined ? 0 : Math.max(0, rules.nowMs - Date.parse(created_at));
    events.record(event_type, event_data, { ageMs });
  }
  return faults;
}

interface Item {
  readonly event_type: string;
  readonly event_data?: Readonly<Record<string, unknown>>;
  readonly created_at?: string;
}

function faultsOf(item: unknown, rules: IngestRules): ItemFault[] {
  if (!isObject(item)) return [{ pointer: '', detail: `is ${shown(item)}; an event is an object` }];
  const faults: (ItemFault | null)[] = Object.keys(item)
    .filter((key) => key !== 'event_type' && key !== 'event_data' && key !== 'created_at')
    .map((key) => ({ pointer: `/${key.slice(0, 32)}`, detail: 'is not a member of an event' }));
  const { event_type, event_data, created_at } = item;
  if (typeof event_type !== 'string' || !/^[a-z][a-z0-9_]{0,63}$/.test(event_type)) {
    const detail = `is ${shown(event_type)}; it must be lower-case words joined by _, like "gen_route"`;
    faults.push({ pointer: '/event_type', detail });
  }
  if (created_at !== undefined) faults.push(timeFault(created_at, rules.nowMs));
  if (event_data !== undefined) faults.push(...dataFaults(event_data, rules));
  return faults.filter((fault) => fault !== null);
}

function timeFault(value: unknown, nowMs: number): ItemFault | null {
  const pointer = '/created_at';
  const isInstant = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i.test(value);
  const atMs = isInstant ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs)) {
    return { pointer, detail: `is ${shown(value)}; it must be ISO 8601 with a zone, like "2026-01-31T12:00:00Z"` };
  }
  if (atMs > nowMs + aheadMs) return { pointer, detail: `is ${shown(value)}, in the future` };
  if (atMs < nowMs - longestAgeMs) return { pointer, detail: `is ${shown(value)}, more than 24 h ago` };
  return null;
}

function dataFaults(data: unknown, rules: IngestRules): ItemFault[] {
  const pointer = '/event_data';
  if (!isObject(data)) return [{ pointer, detail: `is ${shown(data)}; it must be an object` }];
  const faults: ItemFault[] = [];
  const say = (name: string, detail: string) => faults.push({ pointer: `${pointer}/${name}`, detail });
  for (const name of ['provider', 'assigned']) {
    const value = data[name];
    if (value === undefined || value === null || rules.providers.includes(value as string)) continue;
    say(name, `is ${shown(value)}; registered providers are ${rules.providers.join(', ')}`);
  }
  for (const [name, [least, most, unit]] of Object.entries(eventRanges)) {
    const value = data[name];
    if (value === undefined || value === null) continue;
    if (typeof value === 'number' && value >= least && value <= most) continue;
    say(name, `is ${shown(value)}; it must be a number from ${least} to ${most} ${unit}`);
  }
  const isNamed = faults.length > 0;
  if (!isNamed && !isStorable(data, 0)) {
    faults.push({ pointer, detail: 'contains a NUL, half a character, an infinite number, or nests too deep' });
  }
  return faults;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Postgres' jsonb holds neither NUL nor half a character. */
function isStorable(value: unknown, depth: number): boolean {
  if (depth > deepest) return false;
  if (typeof value === 'string') return !value.includes('\0') && !/\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return typeof value !== 'number' || Number.isFinite(value);
  return Object.entries(value).every(([key, part]) => isStorable(key, depth) && isStorable(part, depth + 1));
}

function shown(value: unknown): string {
  // 1e400 is JSON, and Infinity once it is read.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
  return text.length > 64 ? `${text.slice(0, 63)}…` : text;
}
