import type { TickStore } from '../ticks/tick-store';
import { silenceOf } from './notice-silence';

/** A start of everything at once is no silence: a watchdog needs a moment for its first tick. */
const graceMs = 15_000;

/** What a routing process last read of the watchdog, from time to time and never on a request's way. */
export class WatchdogNews {
  private lastSilence: string | null = null;
  private readonly startedAtMs: number;

  constructor(private readonly monotonic: () => number) {
    this.startedAtMs = monotonic();
  }

  /** Why no watchdog would roll back; null while one would, or before it is known. */
  get silence(): string | null {
    return this.lastSilence;
  }

  /** `nowMs` is the database's. */
  async look(ticks: Pick<TickStore, 'last'>, nowMs: number): Promise<void> {
    const { decided } = await ticks.last();
    const isEarly = decided === null && this.monotonic() - this.startedAtMs < graceMs;
    this.lastSilence = isEarly ? null : silenceOf(decided, nowMs);
  }
}
