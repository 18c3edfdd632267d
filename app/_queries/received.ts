import type { Snapshot } from '@/lib/api/snapshot';

/** A snapshot and when it arrived, on the monotonic clock: the browser's wall clock is never trusted. */
export interface Received {
  readonly snapshot: Snapshot;
  readonly atMonotonicMs: number;
  /** When the server last said that this is still so; never before the arrival. */
  readonly confirmedMs?: number;
}

/** The server's time at a monotonic instant of this page. */
export function serverNowMs(received: Received, monotonicMs: number): number {
  return Date.parse(received.snapshot.now) + Math.max(0, monotonicMs - received.atMonotonicMs);
}

/** A slow poll may arrive after a newer event of the stream; the server's own now says which is newer. */
export function newerOf(known: Received | undefined, arrived: Received): Received {
  if (!known) return arrived;
  return Date.parse(arrived.snapshot.now) >= Date.parse(known.snapshot.now) ? arrived : known;
}

/** The server speaks each second: what two of its words did not confirm is stale, and is marked so before three. */
export const staleAfterMs = 2_500;

/** For how long the server has not confirmed the data. */
export function silentMs({ atMonotonicMs, confirmedMs = atMonotonicMs }: Received, monotonicMs: number): number {
  return Math.max(0, monotonicMs - Math.max(atMonotonicMs, confirmedMs));
}
