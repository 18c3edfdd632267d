import { randomBytes } from 'node:crypto';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

interface ListenerParts {
  /** A connection of its own, opened anew whenever the old one is given up. */
  readonly open: () => Sql;
  /** Any other connection: the heartbeat is sent from there. */
  readonly beatFrom: Sql;
  readonly onFlag: () => void;
  /** Said once for each time the notifications stop, and once when they are back. */
  readonly onState: (isHeard: boolean, why: string | null) => void;
}

const channel = 'sluice_flags';
const beatEveryMs = 2000;
const deafAfterMs = 5000;

/**
 * LISTEN as a hint that the flags changed. A connection that a proxy silently swallows reports no error for ever, and
 * TCP keep-alive does not help, so the listener notifies itself: when it does not hear that, it starts over.
 */
export class FlagListener {
  private readonly beats = `sluice_beat_${randomBytes(6).toString('hex')}`;
  private sql: Sql | null = null;
  private timer: NodeJS.Timeout | null = null;
  private heardAtMs = 0;
  private hears: boolean | null = null;

  constructor(private readonly parts: ListenerParts) {}

  /** null before the first heartbeat came back. */
  get isHeard(): boolean | null {
    return this.hears;
  }

  start(): void {
    this.open();
    this.timer = setInterval(() => void this.beat(), beatEveryMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.close();
  }

  private open(): void {
    const sql = this.parts.open();
    this.sql = sql;
    this.heardAtMs = performance.now();
    const heard = () => {
      this.heardAtMs = performance.now();
      if (this.hears !== true) this.parts.onState(true, null);
      this.hears = true;
    };
    // After a reconnect something may have been missed: onlisten asks for a read as a notification would.
    const wait = (work: Promise<unknown>) => work.catch((error: unknown) => this.deaf(String(error)));
    void wait(
      sql.listen(
        channel,
        () => this.parts.onFlag(),
        () => this.parts.onFlag(),
      ),
    );
    void wait(sql.listen(this.beats, heard, () => void this.beat()));
  }

  private async beat(): Promise<void> {
    const silentMs = performance.now() - this.heardAtMs;
    if (silentMs > deafAfterMs) {
      this.deaf(`no notification for ${Math.round(silentMs / 1000)} s`);
      // Not awaited: a swallowed connection may never confirm that it is closed.
      void this.close();
      this.open();
      return;
    }
    await queryWithin(1000, this.parts.beatFrom`select pg_notify(${this.beats}, '')`, 'heartbeat').catch(
      () => undefined,
    );
  }

  private deaf(why: string): void {
    if (this.hears !== false) this.parts.onState(false, why);
    this.hears = false;
  }

  private async close(): Promise<void> {
    const sql = this.sql;
    this.sql = null;
    // A swallowed connection would wait for an answer to its farewell.
    await sql?.end({ timeout: 0 }).catch(() => undefined);
  }
}
