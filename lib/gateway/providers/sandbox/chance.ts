/** Seeded chance: the same seed and the same order of requests give the same faults and delays. */
export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number;
  happens(probability: number): boolean;
  /** 31 bits that look like chance and do not come again before all others came: two jobs must not share an id. */
  fresh(): number;
  /** Lognormal, given by its median and its 95th percentile. */
  latencyMs(median: number, p95: number): number;
}

/** The 95th percentile of the standard normal distribution. */
const z95 = 1.6449;

export function seededChance(seed: number): Chance {
  let state = seed | 0;
  let count = 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    // An odd factor: another count is another number.
    fresh: () => (Math.imul(++count, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)) & 0x7fffffff,
    happens: (probability) => probability > 0 && next() < probability,
    latencyMs(median, p95) {
      if (median <= 0) return 0;
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp((Math.log(Math.max(p95, median) / median) / z95) * normal);
    },
  };
}
