import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { compile, EvenSchedule, saltOf, whole } from '@/lib/split/pick';

const shares = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 5 })
  .filter((parts) => parts.some((part) => part > 0))
  .map((parts) => {
    const sum = parts.reduce((a, b) => a + b, 0);
    const dealt = parts.map((part) => Math.floor((part / sum) * whole));
    const largest = dealt.indexOf(Math.max(...dealt));
    return dealt.map((share, i) => (i === largest ? share + whole - dealt.reduce((a, b) => a + b, 0) : share));
  });

describe('an even deal', () => {
  it('owes nobody a whole request, at any instant, and says what it owes', () => {
    fc.assert(
      fc.property(shares, fc.nat(), (given, seed) => {
        const schedule = new EvenSchedule(given, seeded(seed), null);
        const owed = [...schedule.owed()];
        for (let i = 0; i < 2300; i++) {
          const receiver = schedule.next();
          for (const [j, share] of given.entries()) owed[j] = (owed[j] ?? 0) + share - (j === receiver ? whole : 0);
          const off = owed.findIndex((credit) => Math.abs(credit) >= whole);
          if (off >= 0) expect.fail(`receiver ${off} is owed ${owed[off]} after ${i + 1} requests`);
        }
        expect(schedule.owed()).toEqual(owed);
        expect(owed.reduce((a, b) => a + b, 0)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on from what was owed before', () => {
    const half = whole / 2;
    const owed = [0.9 * whole, -0.9 * whole];
    const schedule = new EvenSchedule([half, half], seeded(1), owed);
    expect(schedule.owed()).toEqual(owed);
    expect([schedule.next(), schedule.next()]).toEqual([0, 0]);
    expect(schedule.owed()).toEqual([-0.1 * whole, 0.1 * whole].map(Math.round));
  });

  it('puts the rarer receiver anywhere in its stratum, not at one place of it', () => {
    const places = new Map<number, number>();
    for (let seed = 0; seed < 400; seed++) {
      const schedule = new EvenSchedule([0.1 * whole, 0.9 * whole], seeded(seed * 31 + 7), [0, 0]);
      for (let i = 0; i < 30; i++) if (schedule.next() === 0 && i < 10) places.set(i, (places.get(i) ?? 0) + 1);
    }
    expect([...places.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const count of places.values()) expect(Math.abs(count - 40)).toBeLessThan(5 * Math.sqrt(40));
  });

  it('begins anywhere in the first 256 requests of a deal', () => {
    const begun = new Set<number>();
    for (let i = 0; i < 400; i++) {
      // The draw for the start is the last one of the first deal.
      const draws: number[] = [];
      const random = seeded(i);
      const schedule = new EvenSchedule([whole / 2, whole / 2], () => draws[draws.push(random()) - 1] ?? 0, null);
      begun.add(Math.floor((draws.at(-1) ?? 0) * 256));
      expect(schedule.owed()).toHaveLength(2);
    }
    expect(begun.size).toBeGreaterThan(190);
  });

  it('gives nothing to a share of nothing, whatever it is owed', () => {
    const schedule = new EvenSchedule([0, whole], seeded(3), [0.99 * whole, -0.99 * whole]);
    expect(new Set(Array.from({ length: 1500 }, () => schedule.next()))).toEqual(new Set([1]));
    expect(schedule.owed()).toEqual([0.99 * whole, -0.99 * whole]);
  });
});

describe('compiled weights', () => {
  const rules = { baseline: 'fal', candidates: ['runware'], salt: 0 };

  it('owe in requests, by name, and hand that on to the next version', () => {
    const picker = compile({ fal: 0.75, runware: 0.25 }, rules, seeded(1));
    const before = { ...picker.owed() };
    const name = picker.next();
    const after = picker.owed();
    for (const [each, share] of [
      ['fal', 0.75],
      ['runware', 0.25],
    ] as const)
      expect(after[each]).toBeCloseTo((before[each] ?? 0) + share - (each === name ? 1 : 0), 9);
    const next = compile({ fal: 0.5, runware: 0.5 }, rules, seeded(2), picker);
    for (const each of ['fal', 'runware']) expect(next.owed()[each]).toBeCloseTo(after[each] ?? 0, 9);
  });

  it('split the hash in order: others by name, the candidate, the baseline', () => {
    const picker = compile({ fal: 0.25, runware: 0.25, a: 0.25, b: 0.25 }, rules, seeded(1));
    expect(Object.keys(picker.owed())).toEqual(['a', 'b', 'runware', 'fal']);
    const thirds = compile({ a: 1 / 3, runware: 1 / 3, fal: 1 / 3 }, rules, seeded(1));
    const users = Array.from({ length: 3000 }, (_, i) => thirds.of(`u${i}`));
    for (const name of ['a', 'runware', 'fal'])
      expect(Math.abs(users.filter((each) => each === name).length - 1000)).toBeLessThan(130);
  });

  it('take any weights as shares of their sum', () => {
    const picker = compile({ fal: 3, runware: 1 }, rules, seeded(1));
    const picks = Array.from({ length: 4000 }, () => picker.next());
    expect(Math.abs(picks.filter((each) => each === 'runware').length - 1000)).toBeLessThanOrEqual(2);
  });

  it('salt by the split’s name', () =>
    expect([saltOf('A') === saltOf('B'), saltOf('A')]).toEqual([false, saltOf('A')]));
});
