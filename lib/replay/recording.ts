import { excerpt } from '@/lib/kernel/excerpt';
import { binOf } from '@/lib/rule/buckets/bucket';
import { gridMs } from '@/lib/rule/buckets/history';
import { firstSplit } from '@/lib/split/split-key';
import { recordedEvent } from './recorded-event';
import { jobBeganMs } from './recorded-job';
import { instantOf, objectOf } from './recorded-line';
import { TextNumbers } from './text-numbers';

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

/** As many keys as a bucket has. */
const mostPriceKeys = 32;

export const kinds = {
  ...{ failure: 1, success: 2, generated: 3, voucher: 4, elsewhere: 5 },
  ...{ jobBegun: 6, jobDone: 7, jobFailed: 8, jobCancelled: 9 },
} as const;
const kindOfEnd = { done: kinds.jobDone, failed: kinds.jobFailed, cancelled: kinds.jobCancelled } as const;
export const isOfJob = (kind: number | undefined): boolean => kind !== undefined && kind >= kinds.jobBegun;

interface VoucherOfRequest {
  readonly event: number;
  readonly requestId: string;
  readonly createdAtMs: number;
  readonly isSaid: boolean;
}

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
  createdAt = new Float64Array(1024);
  arrivedAt = new Float64Array(1024);
  /** Grid index of the bucket. */
  bucket = new Int32Array(1024);
  kind = new Uint8Array(1024);
  provider = new Uint8Array(1024);
  /** Of a job how long it took. */
  latencyMs = new Float64Array(1024);
  costNano = new Float64Array(1024);
  /** Number of the price key, and of the user; 0 for none. */
  priceKey = new Int32Array(1024);
  user = new Int32Array(1024);
  /** How old the generation was when its voucher came, by the lower edge of its bin in seconds. */
  ageSeconds = new Float64Array(1024);
  readonly providers: string[] = [''];
  private readonly priceKeys = new TextNumbers();
  private readonly users = new TextNumbers();
  /** Events that the live rule does not judge by, see `event_data.backfilled`. */
  private readonly backfilled = new Set<number>();
  private readonly generations = new Map<string, { readonly provider: number; readonly createdAtMs: number }>();
  private readonly elsewhere = new Set<string>();
  private readonly vouchers: VoucherOfRequest[] = [];

  constructor(
    private readonly isRegistered: (provider: string) => boolean,
    private readonly split: string = firstSplit,
  ) {}

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

  /** Vouchers that name only a request get the provider that made what it got; all get the age of it, where it is known. */
  attribute(): void {
    for (const { event, requestId, createdAtMs, isSaid } of this.vouchers) {
      const made = this.generations.get(requestId);
      // Of a request that is not in the recording it is the first split's.
      const isOurs = isSaid || (this.split === firstSplit && !this.elsewhere.has(requestId));
      if (made === undefined && !isOurs) this.kind[event] = kinds.elsewhere;
      if (made === undefined) continue;
      if (this.provider[event] === 0) this.provider[event] = made.provider;
      const seconds = (createdAtMs - made.createdAtMs) / 1000;
      this.ageSeconds[event] = binOf(Math.min(Math.max(seconds, 0), longestAgeSeconds));
    }
  }

  /** Price keys by their numbers; all but the most frequent are none, as each has sums of its own. */
  usualPriceKeys(): readonly string[] {
    const { texts } = this.priceKeys;
    const rows = new Float64Array(texts.length);
    for (let event = 0; event < this.count; event++) {
      const key = this.priceKey[event] ?? 0;
      rows[key] = (rows[key] ?? 0) + 1;
    }
    const ordered = texts.map((_, key) => key).slice(1);
    ordered.sort((a, b) => (rows[b] ?? 0) - (rows[a] ?? 0) || a - b);
    const usual = new Set(ordered.slice(0, mostPriceKeys));
    return texts.map((text, key) => (usual.has(key) ? text : ''));
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
    const atMs = instantOf(line, 'updated_at');
    if (typeof atMs === 'string') return atMs;
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
    const createdAtMs = instantOf(line, 'created_at');
    if (typeof createdAtMs === 'string') return createdAtMs;
    const arrivedAtMs = (line.arrived_at ?? null) === null ? createdAtMs : instantOf(line, 'arrived_at');
    if (typeof arrivedAtMs === 'string') return arrivedAtMs;
    const data = objectOf(line.event_data);
    if (data === null) return null;
    const event = recordedEvent(line.event_type, data, this.isRegistered, this.split);
    if (event === null) return null;
    if (event.kind === 'elsewhere') {
      this.elsewhere.add(event.requestId);
      return null;
    }
    const arrivesAtMs = Math.max(arrivedAtMs, createdAtMs);
    const at = this.slot(createdAtMs, arrivesAtMs);
    if (Object.hasOwn(data, 'backfilled')) this.backfilled.add(at);
    const provider = this.idOf(event.provider);
    this.provider[at] = provider;
    if (event.kind === 'attempt') {
      this.kind[at] = event.isFailure ? kinds.failure : kinds.success;
      this.latencyMs[at] = event.latencyMs ?? Number.NaN;
      this.costNano[at] = event.costNano ?? Number.NaN;
      this.priceKey[at] = this.priceKeys.of(event.priceKey);
      this.user[at] = this.users.of(event.userHash);
      if (event.begunForMs === undefined) return null;
      const begun = this.slot(jobBeganMs(null, event.begunForMs, createdAtMs), arrivesAtMs);
      [this.kind[begun], this.provider[begun]] = [kinds.jobBegun, provider];
    } else if (event.kind === 'ended') {
      const { outcome, requestId, beganMs, durationMs } = event;
      this.kind[at] = kindOfEnd[outcome];
      this.bucket[at] = Math.ceil(jobBeganMs(beganMs, durationMs, createdAtMs) / gridMs);
      this.latencyMs[at] = event.tookMs ?? Number.NaN;
      this.costNano[at] = event.costNano ?? Number.NaN;
      this.priceKey[at] = this.priceKeys.of(event.priceKey);
      if (requestId !== null && outcome === 'done') this.noteGeneration(requestId, { provider, createdAtMs });
    } else if (event.kind === 'generated') {
      this.kind[at] = kinds.generated;
      if (event.requestId !== null) this.noteGeneration(event.requestId, { provider, createdAtMs });
    } else {
      this.kind[at] = kinds.voucher;
      this.ageSeconds[at] = Number.NaN;
      const { requestId, isSaid } = event;
      if (requestId !== null) this.vouchers.push({ event: at, requestId, createdAtMs, isSaid });
    }
    return null;
  }

  /** The newest counts where a request was made twice. */
  private noteGeneration(requestId: string, made: { readonly provider: number; readonly createdAtMs: number }): void {
    const known = this.generations.get(requestId);
    if (known === undefined || made.createdAtMs >= known.createdAtMs) this.generations.set(requestId, made);
  }

  private slot(createdAtMs: number, arrivedAtMs: number): number {
    if (this.count === this.bucket.length) {
      this.createdAt = grow(this.createdAt);
      this.arrivedAt = grow(this.arrivedAt);
      this.bucket = grow(this.bucket);
      this.kind = grow(this.kind);
      this.provider = grow(this.provider);
      this.latencyMs = grow(this.latencyMs);
      this.costNano = grow(this.costNano);
      this.priceKey = grow(this.priceKey);
      this.user = grow(this.user);
      this.ageSeconds = grow(this.ageSeconds);
    }
    const at = this.count++;
    this.createdAt[at] = createdAtMs;
    this.arrivedAt[at] = arrivedAtMs;
    this.bucket[at] = Math.ceil(createdAtMs / gridMs);
    return at;
  }

  private idOf(provider: string): number {
    const known = this.providers.indexOf(provider);
    return known >= 0 ? known : this.providers.push(provider) - 1;
  }
}

const longestAgeSeconds = 86_400;
