/** A stream of numbers in [0, 1); passed in wherever something is drawn, so that every run can be repeated. */
export type Random = () => number;

/** mulberry32: 32 bits of state, good enough to simulate traffic with. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How many events a Poisson process of this mean has: by inversion, one draw each; large means in halves. */
export function poisson(mean: number, random: Random): number {
  if (mean <= 0) return 0;
  if (mean > 200) return poisson(mean / 2, random) + poisson(mean / 2, random);
  const draw = random();
  let probability = Math.exp(-mean);
  let sum = probability;
  let count = 0;
  while (draw > sum && count < 2000) {
    count++;
    probability *= mean / count;
    sum += probability;
  }
  return count;
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
