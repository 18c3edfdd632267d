import { excerpt } from '@/lib/kernel/excerpt';
import { parseInstant } from '@/lib/kernel/instant';
import { gridMs } from '@/lib/rule/buckets/history';
import { recordedEvent } from './recorded-event';

/** A write of one of our two flags. */
export interface FlagLine {
  readonly atMs: number;
  readonly key: string;
  /** null: the row was deleted. */
  readonly text: string | null;
  readonly by?: string;
}

export interface BadLine {
  readonly line: number;
  readonly fault: string;
}

export const kinds = { failure: 1, success: 2, generated: 3, voucher: 4 } as const;

const grow = <T extends Float64Array | Int32Array | Uint8Array>(column: T): T => {
  const wider = new (column.constructor as new (length: number) => T)(column.length * 2);
  wider.set(column);
  return wider;
};

/** Events and flag writes as they are read, a few dozen bytes each: a million fit anywhere. */
export class Recording {
  readonly flags: FlagLine[] = [];
  readonly badLines: BadLine[] = [];
  badCount = 0;
  count = 0;
  lines = 0;
  arrivedAt = new Float64Array(1024);
  /** Grid index of the bucket. */
  bucket = new Int32Array(1024);
  kind = new Uint8Array(1024);
  provider = new Uint8Array(1024);
  latencyMs = new Float64Array(1024);
  costNano = new Float64Array(1024);
  readonly providers: string[] = [''];
  /** Events that the live rule does not judge by, see `event_data.backfilled`. */
  private readonly backfilled = new Set<number>();
  private readonly providerOfRequest = new Map<string, number>();
  private readonly unnamed: { readonly event: number; readonly requestId: string }[] = [];

  constructor(private readonly isRegistered: (provider: string) => boolean) {}

  /** Reads one line of NDJSON; a bad one is counted and named, and changes nothing. */
  read(text: string): void {
    this.lines++;
    // Also takes off the byte order mark that some exports begin with.
    const trimmed = text.trim();
    if (trimmed === '') return;
    const fault = this.take(trimmed);
    if (fault === null) return;
    this.badCount++;
    if (this.badLines.length < 20) this.badLines.push({ line: this.lines, fault });
  }

  /** Vouchers that name only a request get the provider that made what it got. */
  attribute(): void {
    for (const { event, requestId } of this.unnamed) this.provider[event] = this.providerOfRequest.get(requestId) ?? 0;
  }

  /** How many of these events are backfilled; nothing when none is. */
  backfilledOf(events: Int32Array): { readonly backfilled?: number } {
    const backfilled = events.reduce((sum, event) => sum + (this.backfilled.has(event) ? 1 : 0), 0);
    return backfilled > 0 ? { backfilled } : {};
  }

  private take(text: string): string | null {
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch {
      return `${excerpt(text)} is not JSON`;
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return `${excerpt(text)} is not an object`;
    const line = row as Record<string, unknown>;
    if (typeof line.flag_key === 'string') return this.takeFlag(line, line.flag_key);
    if (typeof line.event_type !== 'string') return `${excerpt(text)} has neither event_type nor flag_key`;
    return this.takeEvent(line);
  }

  private takeFlag(line: Record<string, unknown>, key: string): string | null {
    const atMs = instant(line.updated_at);
    if (atMs === null)
      return `updated_at is ${excerptOrMissing(JSON.stringify(line.updated_at))}; it must be an ISO instant`;
    const text = line.flag_value_text ?? null;
    const by = typeof line.actor === 'string' ? { by: line.actor } : {};
    this.flags.push({
      atMs,
      key,
      text: text === null || typeof text === 'string' ? text : JSON.stringify(text),
      ...by,
    });
    return null;
  }

  private takeEvent(line: Record<string, unknown>): string | null {
    const createdAtMs = instant(line.created_at);
    if (createdAtMs === null)
      return `created_at is ${excerptOrMissing(JSON.stringify(line.created_at))}; it must be an ISO instant`;
    const arrivedAtMs =
      line.arrived_at === undefined || line.arrived_at === null ? createdAtMs : instant(line.arrived_at);
    if (arrivedAtMs === null)
      return `arrived_at is ${excerptOrMissing(JSON.stringify(line.arrived_at))}; it must be an ISO instant`;
    const data = objectOf(line.event_data);
    if (data === null) return null;
    const event = recordedEvent(line.event_type, data, this.isRegistered);
    if (event === null) return null;
    const at = this.slot(createdAtMs, Math.max(arrivedAtMs, createdAtMs));
    if (Object.hasOwn(data, 'backfilled')) this.backfilled.add(at);
    const provider = this.idOf(event.provider);
    this.provider[at] = provider;
    if (event.kind === 'attempt') {
      this.kind[at] = event.isFailure ? kinds.failure : kinds.success;
      this.latencyMs[at] = event.latencyMs ?? Number.NaN;
      this.costNano[at] = event.costNano ?? Number.NaN;
    } else if (event.kind === 'generated') {
      this.kind[at] = kinds.generated;
      if (event.requestId !== null) this.providerOfRequest.set(event.requestId, provider);
    } else {
      this.kind[at] = kinds.voucher;
      if (provider === 0 && event.requestId !== null) this.unnamed.push({ event: at, requestId: event.requestId });
    }
    return null;
  }

  private slot(createdAtMs: number, arrivedAtMs: number): number {
    if (this.count === this.bucket.length) {
      this.arrivedAt = grow(this.arrivedAt);
      this.bucket = grow(this.bucket);
      this.kind = grow(this.kind);
      this.provider = grow(this.provider);
      this.latencyMs = grow(this.latencyMs);
      this.costNano = grow(this.costNano);
    }
    const at = this.count++;
    this.arrivedAt[at] = arrivedAtMs;
    this.bucket[at] = Math.ceil(createdAtMs / gridMs);
    return at;
  }

  private idOf(provider: string): number {
    const known = this.providers.indexOf(provider);
    return known >= 0 ? known : this.providers.push(provider) - 1;
  }
}

const instant = (value: unknown): number | null => (typeof value === 'string' ? parseInstant(value) : null);

const excerptOrMissing = (text: string | undefined): string => (text === undefined ? 'missing' : excerpt(text));

/** `event_data` as an object, or as the text that a CSV export makes of it. Anything else says nothing. */
function objectOf(value: unknown): Record<string, unknown> | null {
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
