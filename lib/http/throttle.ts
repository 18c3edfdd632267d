import { Problem } from './problem';

/** At most `perMinute` in any minute for each key; the memory is bounded by forgetting whole minutes. */
export interface Throttle {
  /** Throws 429 with Retry-After when the key has used up its minute. */
  take(key: string): void;
}

const maxKeys = 10_000;

export function throttle(perMinute: number, now: () => number): Throttle {
  let current = new Map<string, number>();
  let previous = new Map<string, number>();
  let minute = 0;
  return {
    take(key) {
      const at = now() / 60_000;
      const start = Math.floor(at);
      if (start !== minute) {
        previous = start === minute + 1 ? current : new Map();
        current = new Map();
        minute = start;
      }
      // Sliding: the part of the last minute that still lies within sixty seconds counts in proportion.
      const used = (current.get(key) ?? 0) + (previous.get(key) ?? 0) * (1 - (at - start));
      if (used + 1 > perMinute || current.size >= maxKeys) throw tooMany(perMinute, start + 1 - at);
      current.set(key, (current.get(key) ?? 0) + 1);
    },
  };
}

function tooMany(perMinute: number, minutesLeft: number): Problem {
  const seconds = Math.max(1, Math.ceil(minutesLeft * 60));
  return new Problem(429, 'too-many-requests', `At most ${perMinute} a minute; try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });
}
