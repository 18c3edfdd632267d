import { excerpt } from '@/lib/kernel/excerpt';
import { isObject } from '@/lib/kernel/json-text';
import { type Caller, speaksFor } from '@/lib/registry/callers/caller';
import type { Served } from './request-finder';

export interface IngestRules {
  readonly providers: readonly string[];
  /** The arms of a split, by its key; null: there is no such split. Left out: there is the first one alone. */
  readonly armsOf?: (split: string) => readonly string[] | null;
  /** The database's clock. */
  readonly nowMs: number;
  readonly caller: Caller;
  /** Of the requests that are named, those that were served to this caller; not asked of one who speaks for others. */
  readonly served: ReadonlyMap<string, Served>;
}

export interface ItemFault {
  readonly pointer: string;
  readonly detail: string;
}

/** An event as it is sent. */
export interface Item {
  readonly event_type: string;
  readonly event_data?: Readonly<Record<string, unknown>>;
  readonly created_at?: string;
}

/** What is older counts as backfilled, and only some may send it. */
export const liveForMs = 60_000;
const longestAgeMs = 24 * 3_600_000;
/** Clocks of other services run a little ahead; what they date a moment from now happened now. */
const aheadMs = 60_000;
const deepest = 5;
/** What Sluice writes itself for each request it serves: from anybody who is served it would be a second word on it. */
const written = /^(?:gen|split)_(?:route|ok|failed)$/;

/** What a metric could be moved by, and the range that an honest value has: the same as the database's guard. */
export const eventRanges: Readonly<Record<string, readonly [number, number, string]>> = {
  latency_ms: [0, 3_600_000, 'milliseconds'],
  cost_per_image: [0, 1000, 'US dollars'],
  images: [0, 10_000, 'images'],
  attempt: [1, 1000, 'attempts'],
};

/** Everything that is wrong with one event, as this caller sends it. */
export function faultsOf(item: unknown, rules: IngestRules): ItemFault[] {
  if (!isObject(item)) return [{ pointer: '', detail: `is ${shown(item)}; an event is an object` }];
  const faults: (ItemFault | null)[] = Object.keys(item)
    .filter((key) => key !== 'event_type' && key !== 'event_data' && key !== 'created_at')
    .map((key) => ({ pointer: `/${key.slice(0, 32)}`, detail: 'is not a member of an event' }));
  const { event_type, event_data, created_at } = item;
  if (typeof event_type !== 'string' || !/^[a-z][a-z0-9_]{0,63}$/.test(event_type)) {
    const detail = `is ${shown(event_type)}; it must be lower-case words joined by _, like "gen_route"`;
    faults.push({ pointer: '/event_type', detail });
  }
  if (created_at !== undefined) faults.push(timeFault(created_at, rules));
  if (event_data !== undefined) faults.push(...dataFaults(event_data, rules));
  const isOwn = speaksFor(rules.caller) !== null;
  if (!isOwn || !(typeof event_type === 'string' && written.test(event_type)))
    faults.push(...splitFaults(event_type, event_data ?? {}, rules));
  if (isOwn) faults.push(ownFault(event_type, event_data, rules.served));
  return faults.filter((fault) => fault !== null);
}

/** Why this is not about a request of the caller's own. */
function ownFault(type: unknown, data: unknown, served: IngestRules['served']): ItemFault | null {
  if (written.test(String(type))) {
    return {
      pointer: '/event_type',
      detail: `is ${shown(type)}, which Sluice writes itself for what it serves to you`,
    };
  }
  const pointer = '/event_data/request_id';
  const requestId = isObject(data) ? data.request_id : undefined;
  if (typeof requestId === 'string' && served.has(requestId)) return null;
  return { pointer, detail: `is ${shown(requestId)}; it must be a request that was served to your key` };
}

function timeFault(value: unknown, { nowMs, caller }: IngestRules): ItemFault | null {
  const pointer = '/created_at';
  const isInstant = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i.test(value);
  const atMs = isInstant ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs)) {
    return { pointer, detail: `is ${shown(value)}; it must be ISO 8601 with a zone, like "2026-01-31T12:00:00Z"` };
  }
  if (atMs > nowMs + aheadMs) return { pointer, detail: `is ${shown(value)}, in the future` };
  if (atMs < nowMs - longestAgeMs) return { pointer, detail: `is ${shown(value)}, more than 24 h ago` };
  if (atMs >= nowMs - liveForMs || caller.scopes.has('events:backfill')) return null;
  return {
    pointer,
    detail: `is ${shown(value)}, more than 60 s ago; only SLUICE_BACKFILL_KEYS and callers with events:backfill may report that`,
  };
}

function dataFaults(data: unknown, rules: IngestRules): ItemFault[] {
  const pointer = '/event_data';
  if (!isObject(data)) return [{ pointer, detail: `is ${shown(data)}; it must be an object` }];
  const faults: ItemFault[] = [];
  const say = (name: string, detail: string) => faults.push({ pointer: `${pointer}/${name}`, detail });
  for (const name of ['provider', 'assigned']) {
    const value = data[name];
    const isArm = name === 'assigned' && data.split !== undefined;
    if (value === undefined || value === null || isArm || rules.providers.includes(value as string)) continue;
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

/** Events of the splits that are not the first. */
const ofSplits = /^split_(?:route|ok|failed|local)$/;

/** An event that names a split is of one there is, and names arms of it; an event of a split names it. */
function splitFaults(type: unknown, data: unknown, { armsOf = () => null }: IngestRules): ItemFault[] {
  if (!isObject(data)) return [];
  const { split } = data;
  const isOfSplit = typeof type === 'string' && ofSplits.test(type);
  if (split === undefined && !isOfSplit) return [];
  const arms = typeof split === 'string' ? armsOf(split) : null;
  if (arms === null) return [noSplit(split)];
  return ['arm', 'assigned'].flatMap((name) => {
    const value = data[name];
    if (value === undefined || value === null || arms.includes(value as string)) return [];
    const detail = `is ${shown(value)}; the arms of ${excerpt(String(split))} are ${arms.join(', ')}`;
    return [{ pointer: `/event_data/${name}`, detail }];
  });
}

function noSplit(split: unknown): ItemFault {
  const detail = `is ${shown(split)}; it must be the key of a split, like "VIDEO_WEIGHTS"`;
  return { pointer: '/event_data/split', detail };
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
  return excerpt(text);
}
