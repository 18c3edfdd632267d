import type { SplitBeat } from '@/lib/control/instances/instance-store';
import { firstSplit } from '@/lib/split/split-key';
import type { LiveSplit } from '../weights/live-split';
import type { Routing } from '../weights/routing';

interface Told {
  readonly routing: Routing;
  readonly requests: number;
}

/** What the heartbeat says of the other splits: each one that changed since it was last heard, so that rest costs nothing. */
export class SplitBeats {
  private told = new Map<string, Told>();
  private sent = new Map<string, Told>();

  news(splits: Iterable<LiveSplit>): Readonly<Record<string, SplitBeat>> {
    this.sent = new Map();
    const news: Record<string, SplitBeat> = {};
    for (const { key, routing, requests, assigned } of splits) {
      if (key === firstSplit || routing === null) continue;
      const told = this.told.get(key);
      if (told?.routing === routing && told.requests === requests) continue;
      this.sent.set(key, { routing, requests });
      news[key] = { version: routing.version, weights: routing.weights, assigned: Object.fromEntries(assigned) };
    }
    return news;
  }

  /** What was sent has arrived. */
  heard(): void {
    for (const [key, told] of this.sent) this.told.set(key, told);
  }

  /** What was heard before is lost: the row of this process was gone. */
  forget(): void {
    this.told = new Map();
  }
}
