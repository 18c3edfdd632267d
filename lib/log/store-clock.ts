import type { Clock } from '@/lib/kernel/clock';
import type { Within } from '@/lib/kernel/within';

interface Parts {
  readonly clock: Clock;
  /** Asks the database what time it is; null without a database. */
  readonly ask: (() => Promise<number>) | null;
  readonly within: Within;
}

const askWithinMs = 250;

/** The database's clock as this process knows it: what it said last, and the monotonic time since. */
export class StoreClock {
  private said: { readonly nowMs: number; readonly atMs: number } | null = null;

  constructor(private readonly parts: Parts) {}

  /** It said so at this moment of the monotonic clock. */
  told(nowMs: number, atMs: number): void {
    this.said = { nowMs, atMs };
  }

  /** This machine's own clock only as long as the database has never said. */
  async now(): Promise<number> {
    const { clock } = this.parts;
    if (this.said === null) await this.ask();
    return this.said === null ? clock.now() : this.said.nowMs + clock.monotonic() - this.said.atMs;
  }

  private async ask(): Promise<void> {
    const { clock, ask, within } = this.parts;
    if (ask === null) return;
    const sentMs = clock.monotonic();
    const nowMs = await within(askWithinMs, ask()).catch(() => null);
    // It read its clock somewhere between question and answer.
    if (nowMs !== null) this.told(nowMs, (sentMs + clock.monotonic()) / 2);
  }
}
