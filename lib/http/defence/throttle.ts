import { says } from '@/lib/kernel/refusal';
import { Problem } from '../problem';
import { slidingCount } from './sliding-count';

/** At most `perMinute` in any minute for each key. */
export interface Throttle {
  /** Throws 429 with Retry-After when the key has used up its minute. */
  take(key: string): void;
}

/** `perMinute` 0 is no limit. */
export function throttle(perMinute: number, now: () => number): Throttle {
  if (perMinute === 0) return { take: () => undefined };
  const counts = slidingCount(now);
  return {
    take(key) {
      if (counts.used(key) + 1 > perMinute) throw tooMany(`At most ${perMinute} a minute`, now());
      counts.add(key);
    },
  };
}

export function tooMany(rule: string, nowMs: number): Problem {
  const seconds = Math.max(1, Math.ceil(60 - ((nowMs / 1000) % 60)));
  return new Problem(429, 'too-many-requests', `${rule}; try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
    members: says('too-many-requests', { seconds }),
  });
}
