import { isContentFault } from '@/lib/kernel/store-away';
import type { Settlement } from './settle';

interface QueueParts {
  readonly settle: (seen: readonly Settlement[]) => Promise<readonly string[]>;
  readonly fault: { worked(): void; failed(error: unknown): void };
  /** It was written, since its lease was still ours. */
  readonly onSettled: (seen: Settlement) => void;
  /** The store refused it for what is in it. */
  readonly onRefused: (seen: Settlement, error: unknown) => void;
}

/** Looks that end within so long of each other are written together. */
const gatherMs = 25;
const most = 500;

/**
 * What was seen, written round by round. A round that does not reach the store is dropped: its leases run out, and the
 * jobs are looked at again. One that is refused for its content is written row by row, so that it takes no other along.
 */
export class SettleQueue {
  private waiting: Settlement[] = [];
  private timer: NodeJS.Timeout | null = null;
  private flights = new Set<Promise<void>>();

  constructor(private readonly parts: QueueParts) {}

  add(seen: Settlement): void {
    this.waiting.push(seen);
    if (this.waiting.length >= most) this.fly();
    else this.timer ??= setTimeout(() => this.fly(), gatherMs);
  }

  /** Writes what waits, and comes back when everything is written or lost. */
  async flush(): Promise<void> {
    this.fly();
    while (this.flights.size > 0) await Promise.all(this.flights);
  }

  private fly(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const round = this.waiting;
    this.waiting = [];
    if (round.length === 0) return;
    const flight = this.write(round).finally(() => this.flights.delete(flight));
    this.flights.add(flight);
  }

  private async write(round: readonly Settlement[]): Promise<void> {
    const { settle, fault, onSettled, onRefused } = this.parts;
    try {
      const settled = new Set(await settle(round));
      for (const seen of round) if (settled.has(seen.id)) onSettled(seen);
      fault.worked();
    } catch (error) {
      if (!isContentFault(error)) fault.failed(error);
      else if (round.length > 1) for (const one of round) await this.write([one]);
      else for (const one of round) onRefused(one, error);
    }
  }
}
