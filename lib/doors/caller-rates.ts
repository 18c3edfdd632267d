import { slidingCount } from '@/lib/http/defence/sliding-count';
import { tooMany } from '@/lib/http/defence/throttle';
import type { Caller } from '@/lib/registry/callers/caller';

export type CallerRates = ReturnType<typeof callerRates>;

/** The rates that callers are stored with: requests and images together within a minute, counted by this process. */
export function callerRates(now: () => number) {
  const counts = slidingCount(now);
  return {
    /** Throws 429 when the caller has not as many left, and counts nothing then. */
    take({ name, ratePerMinute }: Caller, count: number): void {
      if (ratePerMinute === undefined || ratePerMinute === null || count === 0) return;
      if (counts.used(name) + count > ratePerMinute) {
        throw tooMany(`At most ${ratePerMinute} requests and images a minute for ${name}`, now());
      }
      counts.add(name, count);
    },
  };
}
