import type { ProviderFailure } from '../providers/provider';

/** It is told for so long after it was last seen. */
const goodForMs = 60_000;

/** How long callers waited for a connection lately. */
interface Waits {
  readonly count: number;
  readonly longestMs: number;
  readonly gaveUp: number;
  readonly atMs: number;
}

/** Calls that this machine could not make lately. */
interface LocalFaults {
  readonly count: number;
  readonly message: string;
  readonly atMs: number;
}

/** What went wrong on our own side in calls of one provider, lately. */
export class LaneTrouble {
  private lastWaits: Waits | null = null;
  private lastFaults: LocalFaults | null = null;

  noteWait(waitedMs: number, hasGivenUp: boolean, nowMs: number): void {
    const before = this.waits(nowMs);
    this.lastWaits = {
      count: (before?.count ?? 0) + 1,
      longestMs: Math.max(before?.longestMs ?? 0, waitedMs),
      gaveUp: (before?.gaveUp ?? 0) + (hasGivenUp ? 1 : 0),
      atMs: nowMs,
    };
  }

  /** A call that was cut says that the process ends, which is no trouble. */
  noteFault({ errorKind, message }: Pick<ProviderFailure, 'errorKind' | 'message'>, nowMs: number): void {
    if (errorKind !== 'local') return;
    this.lastFaults = { count: (this.faults(nowMs)?.count ?? 0) + 1, message, atMs: nowMs };
  }

  waits(nowMs: number): Waits | null {
    return this.lastWaits && nowMs - this.lastWaits.atMs <= goodForMs ? this.lastWaits : null;
  }

  faults(nowMs: number): LocalFaults | null {
    return this.lastFaults && nowMs - this.lastFaults.atMs <= goodForMs ? this.lastFaults : null;
  }
}
