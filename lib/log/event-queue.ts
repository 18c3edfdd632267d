import { LastingFault } from '@/lib/kernel/lasting-fault';
import type { Within } from '@/lib/kernel/within';
import type { EventWriter } from './event-writer';
import type { Spool } from './spool/spool';
import type { StoredEvent } from './stored-event';

interface Pending {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
  readonly once: string | undefined;
}

interface Batch {
  readonly id: string;
  readonly rows: readonly Pending[];
}

interface QueueParts {
  readonly writer: EventWriter;
  readonly spool: Spool | null;
  readonly monotonic: () => number;
  readonly newId: () => string;
  readonly within: Within;
  /** Runs the flush soon, off the request that filled the batch. */
  readonly soon: (flush: () => void) => void;
  readonly warn: (fields: object, sentence: string) => void;
  /** Told of each event as it is recorded, on the request's path: metrics count there. */
  readonly observe?: (type: string, data: Readonly<Record<string, unknown>>) => void;
}

const batchRows = 500;
const writeWithinMs = 2000;
const lastWriteWithinMs = 750;
/** A process that ends has so long for the store, in all; what is left by then goes to disk. */
const lastWritesWithinMs = 1500;
/** Batches that neither the store nor the disk took; beyond this the oldest are dropped and counted. */
const mostHeld = 200;
const retryAfterMs = 1000;

/**
 * Events on their way to the store: an array push on the request's path, batches behind it. A batch keeps its id
 * through memory, disk and retries, and the store takes an id once, so every event is stored exactly once.
 */
export class EventQueue {
  private pending: Pending[] = [];
  private held: Batch[] = [];
  private sending: Batch | null = null;
  private running: Promise<void> | null = null;
  /** So many of the pending events go out now; the others may wait until they fill a batch. */
  private due = 0;
  private asked = false;
  private nextTryAtMs = 0;
  private readonly away = new LastingFault(
    (err) => this.parts.warn({ err }, 'the event store does not answer: events go to the spool'),
    () => this.parts.warn({}, 'the event store answers again'),
  );
  private readonly diskFails = new LastingFault(
    (err) => {
      const sentence = 'the spool does not take events: the oldest are dropped for new ones, or stay in memory';
      this.parts.warn({ err, dropped: this.dropped }, sentence);
    },
    () => this.parts.warn({ dropped: this.dropped }, 'the spool takes events again'),
  );
  private isEnding = false;
  private endsAtMs = Number.POSITIVE_INFINITY;
  stored = 0;
  dropped = 0;

  constructor(private readonly parts: QueueParts) {}

  record(
    type: string,
    data: Readonly<Record<string, unknown>>,
    { ageMs = 0, once }: { readonly ageMs?: number; readonly once?: string } = {},
  ): void {
    this.pending.push({ type, data, atMs: this.parts.monotonic() - ageMs, once });
    this.parts.observe?.(type, data);
    if (this.pending.length >= batchRows && !this.asked) {
      this.asked = true;
      this.parts.soon(() => void this.run());
    }
  }

  /** Sends what is there; also what waited on disk, when the store answers. Never throws, never runs twice at once. */
  flush(): Promise<void> {
    this.due = this.pending.length;
    return this.run();
  }

  private run(): Promise<void> {
    this.running ??= this.work()
      .catch((error: unknown) => this.parts.warn({ err: error }, 'the spool cannot be read; it is tried again'))
      .finally(() => {
        this.running = null;
        this.asked = false;
      });
    return this.running;
  }

  /** The process will end soon: a write gets less time, and what waits on disk is left to the next process. */
  hurry(): void {
    this.isEnding = true;
  }

  /** The last flush of a process: what the store does not take now is on disk afterwards. */
  async close(): Promise<void> {
    this.hurry();
    this.endsAtMs = this.parts.monotonic() + lastWritesWithinMs;
    await this.running;
    do await this.flush();
    while (this.pending.length > 0);
    for (const batch of this.held.splice(0)) await this.toDisk(batch);
  }

  depth(): number {
    const held = this.held.reduce((sum, batch) => sum + batch.rows.length, 0);
    return this.pending.length + held + (this.sending?.rows.length ?? 0) + (this.parts.spool?.depth().events ?? 0);
  }

  spooled(): { readonly events: number; readonly bytes: number } {
    return this.parts.spool?.depth() ?? { events: 0, bytes: 0 };
  }

  oldestUnsentMs(): number | null {
    const first = this.held[0]?.rows[0] ?? this.sending?.rows[0] ?? this.pending[0];
    const inMemory = first ? this.parts.monotonic() - first.atMs : null;
    const onDisk = this.parts.spool?.depth().oldestAgeMs ?? null;
    return inMemory === null || onDisk === null ? (inMemory ?? onDisk) : Math.max(inMemory, onDisk);
  }

  get isAway(): boolean {
    return this.away.lasts;
  }

  /** Under load it sends full batches only: a batch costs the store much the same whatever is in it. */
  private async work(): Promise<void> {
    do {
      await this.sendDue();
      await this.catchUp();
    } while (this.hasWork());
  }

  private async sendDue(): Promise<void> {
    while (this.hasWork()) await this.deliver({ id: this.parts.newId(), rows: this.take() });
  }

  private hasWork(): boolean {
    return this.due > 0 || this.pending.length >= batchRows;
  }

  private take(): Pending[] {
    const rows = this.pending.length > batchRows ? this.pending.splice(0, batchRows) : this.pending;
    if (rows === this.pending) this.pending = [];
    this.due = Math.max(0, this.due - rows.length);
    return rows;
  }

  private async deliver(batch: Batch): Promise<void> {
    this.sending = batch;
    if (!(await this.write(batch.id, this.aged(batch)))) await this.keep(batch);
    this.sending = null;
  }

  /** Whether the store has the batch now. Events it refuses for good are the writer's to put aside. */
  private async write(id: string, events: readonly StoredEvent[]): Promise<boolean> {
    const { writer, within, monotonic } = this.parts;
    if (monotonic() < this.nextTryAtMs || monotonic() >= this.endsAtMs) return false;
    try {
      await within(this.isEnding ? lastWriteWithinMs : writeWithinMs, writer.writeBatch(id, events));
      this.away.worked();
      this.nextTryAtMs = 0;
      this.stored += events.length;
      return true;
    } catch (error) {
      this.away.failed(error);
      this.nextTryAtMs = monotonic() + retryAfterMs;
      return false;
    }
  }

  private async keep(batch: Batch): Promise<void> {
    if (await this.toDisk(batch)) return;
    this.held.push(batch);
    while (this.held.length > mostHeld) this.dropped += this.held.shift()?.rows.length ?? 0;
  }

  /** A full disk gives up its oldest batches for the newest ones. */
  private async toDisk(batch: Batch): Promise<boolean> {
    const { spool } = this.parts;
    for (let tries = 0; spool && tries < 5; tries += 1) {
      try {
        await spool.append(batch.id, this.aged(batch));
        if (tries === 0) this.diskFails.worked();
        return true;
      } catch (error) {
        const lost = await spool.dropOldest().catch(() => 0);
        this.dropped += lost;
        this.diskFails.failed(error);
        if (lost === 0) return false;
      }
    }
    return false;
  }

  /** What is new goes first: it may be much that waited, and the watchdog looks at what is new. */
  private async catchUp(): Promise<void> {
    while (this.held.length > 0) {
      await this.sendDue();
      const batch = this.held[0] as Batch;
      if (!(await this.write(batch.id, this.aged(batch)))) return;
      this.held.shift();
    }
    const { spool } = this.parts;
    while (!this.isEnding) {
      await this.sendDue();
      const batch = (await spool?.oldest()) ?? null;
      if (!spool || !batch) return;
      if (!(await this.write(batch.batchId, batch.events))) return;
      await spool.remove(batch.name);
    }
  }

  private aged({ rows }: Batch): StoredEvent[] {
    const now = this.parts.monotonic();
    return rows.map(({ type, data, atMs, once }) => {
      // Timestamps have microseconds; more digits would only be parsed.
      const age_ms = Math.max(0, Math.round((now - atMs) * 1000) / 1000);
      const event = { event_type: type, event_data: data, age_ms };
      return once === undefined ? event : { ...event, once };
    });
  }
}
