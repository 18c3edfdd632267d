import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, type PickRules, saltOf } from '@/lib/split/pick';
import { shareOf, type Weights } from '@/lib/split/weights';

const rules: PickRules = { baseline: 'fal', candidates: ['runware'], salt: saltOf('GEN_PROVIDER_WEIGHTS') };

/** mulberry32: chance that a failing run can repeat. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const seed = fc.integer();
const pair = fc.integer({ min: 0, max: 1000 }).map((thousandths): Weights => {
  return { fal: (1000 - thousandths) / 1000, runware: thousandths / 1000 };
});
const many = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 8 }).map((parts): Weights => {
  const total = parts.reduce((sum, part) => sum + part, 0) || 1;
  const names = ['fal', 'runware', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'];
  return Object.fromEntries(parts.map((part, i) => [names[i] as string, part / total]));
});

/** The largest distance from the exact share over any `span` consecutive picks; `shares[i]` ruled pick i. */
function worstDistance(picks: readonly string[], shares: readonly Weights[], span: number): number {
  let worst = 0;
  for (const name of new Set([...picks, ...shares.flatMap((share) => Object.keys(share))])) {
    let distance = 0;
    for (let i = 0; i < picks.length; i += 1) {
      distance += (picks[i] === name ? 1 : 0) - shareOf(shares[i] as Weights, name);
      const left = i - span;
      if (left >= 0) distance -= (picks[left] === name ? 1 : 0) - shareOf(shares[left] as Weights, name);
      worst = Math.max(worst, Math.abs(distance));
    }
  }
  return worst;
}

function pickMany(weights: Weights, seedValue: number, count: number): string[] {
  const picker = compile(weights, rules, chance(seedValue));
  return Array.from({ length: count }, () => picker.next());
}

/** One stream through several versions of the weights; all zero means all to the baseline. */
function follow(steps: readonly (readonly [Weights, number])[], seedValue: number) {
  const random = chance(seedValue);
  const picks: string[] = [];
  const shares: Weights[] = [];
  let picker = compile({}, rules, random);
  for (const [weights, count] of steps) {
    picker = compile(weights, rules, random, picker);
    const ruling = Object.values(weights).every((share) => share === 0) ? { fal: 1 } : weights;
    for (let i = 0; i < count; i += 1) {
      picks.push(picker.next());
      shares.push(ruling);
    }
  }
  return { picks, shares };
}

describe('without a user', () => {
  it('is exact to ± 2 over any 100 consecutive requests, for two providers', () => {
    fc.assert(
      fc.property(pair, seed, (weights, seedValue) => {
        const picks = pickMany(weights, seedValue, 2500);
        expect(worstDistance(picks, Array(2500).fill(weights), 100)).toBeLessThan(2);
      }),
      { numRuns: 200 },
    );
  });

  it('is exact to ± 2 over any 100 consecutive requests, for many providers', () => {
    fc.assert(
      fc.property(many, seed, (weights, seedValue) => {
        const picks = pickMany(weights, seedValue, 2500);
        expect(worstDistance(picks, Array(2500).fill(weights), 100)).toBeLessThan(2 + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('stays exact to ± 2 when the weights change in mid-stream, back and forth', () => {
    const changes = fc.array(fc.tuple(pair, fc.integer({ min: 1, max: 150 })), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(changes, seed, (steps, seedValue) => {
        const { picks, shares } = follow(steps, seedValue);
        expect(worstDistance(picks, shares, 100)).toBeLessThan(2 + 1e-6);
      }),
      { numRuns: 300 },
    );
  });

  it('stays within ± 3 for many providers whose shares all change at once', () => {
    // Two providers may both be owed nearly a whole request, and the next weights may want both now.
    const changes = fc.array(fc.tuple(many, fc.integer({ min: 1, max: 150 })), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(changes, seed, (steps, seedValue) => {
        const { picks, shares } = follow(steps, seedValue);
        expect(worstDistance(picks, shares, 100)).toBeLessThan(3);
      }),
      { numRuns: 200 },
    );
  });

  it('gives 900 and 100 of 1,000 requests at 0.9 / 0.1, to ± 2', () => {
    for (let run = 0; run < 50; run += 1) {
      const candidates = pickMany({ fal: 0.9, runware: 0.1 }, run, 1000).filter((name) => name === 'runware').length;
      expect(Math.abs(candidates - 100)).toBeLessThanOrEqual(2);
    }
  });

  it('never picks a provider of weight 0', () => {
    fc.assert(
      fc.property(many, many, seed, (first, second, seedValue) => {
        const random = chance(seedValue);
        let picker = compile(first, rules, random);
        for (let i = 0; i < 37; i += 1) picker.next();
        picker = compile(second, rules, random, picker);
        const isEmpty = Object.values(second).every((share) => share === 0);
        for (let i = 0; i < 1200; i += 1) {
          const name = picker.next();
          const isDealt = isEmpty ? name === 'fal' : shareOf(second, name) > 0;
          const isHashed = isEmpty || shareOf(second, picker.of(`u${i}`)) > 0;
          // One assertion for each of a quarter of a million picks would take longer than the picks.
          if (!isDealt || !isHashed) expect.fail(`request ${i} went to ${name} of ${JSON.stringify(second)}`);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives everything to the baseline when there are no weights', () => {
    expect(new Set(pickMany({}, 1, 300))).toEqual(new Set(['fal']));
    expect(compile({}, rules, chance(1)).of('ann')).toBe('fal');
  });

  it('starts anywhere: the first request of many instances is split like all others', () => {
    const starts = 4000;
    const weights = { fal: 0.63, runware: 0.27, p3: 0.1 };
    const counts = new Map<string, number>();
    for (let run = 0; run < starts; run += 1) {
      const name = compile(weights, rules, chance(run * 7919)).next();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, share] of Object.entries(weights)) {
      const spread = Math.sqrt(starts * share * (1 - share));
      expect(Math.abs((counts.get(name) ?? 0) - starts * share)).toBeLessThan(4 * spread);
    }
  });

  it('has no rhythm: a caller of every tenth request still meets both providers', () => {
    const picks = pickMany({ fal: 0.9, runware: 0.1 }, 11, 50_000);
    for (let phase = 0; phase < 10; phase += 1) {
      const seen = picks.filter((name, i) => i % 10 === phase && name === 'runware').length;
      expect(Math.abs(seen - 500)).toBeLessThan(4 * Math.sqrt(5000 * 0.1 * 0.9));
    }
  });
});

describe('with a user', () => {
  const user = fc.string({ minLength: 0, maxLength: 24, unit: 'grapheme' });

  it('gives a user the same provider in every process', () => {
    fc.assert(
      fc.property(many, user, (weights, name) => {
        expect(compile(weights, rules, chance(1)).of(name)).toBe(compile(weights, rules, chance(2)).of(name));
      }),
    );
  });

  it('only moves users from the baseline to the candidate when its share rises', () => {
    const share = fc.integer({ min: 0, max: 800 });
    fc.assert(
      fc.property(share, share, fc.array(user, { minLength: 50, maxLength: 50 }), (one, other, users) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const at = (candidate: number) =>
          compile(
            { p3: 0.2, runware: candidate / 1000, fal: (800 - candidate) / 1000 },
            { ...rules, salt: 7 },
            chance(1),
          );
        const [before, after] = [at(low), at(high)];
        for (const name of users) {
          const [from, to] = [before.of(name), after.of(name)];
          if (from !== to) expect([from, to]).toEqual(['fal', 'runware']);
        }
      }),
    );
  });

  it('gives one candidate’s users what they have always been given', () => {
    const golden = {
      ffrfffrrfffffrffffffffffffrfffffffrfffffffffffrfffffffffffffffff: { fal: 0.9, runware: 0.1 },
      rrrrrfrrffffrrfrrrrfrfrfrfrrrrrfrrrrrrrrrrffrrrrfffrfffrrrrrffrr: { fal: 0.5, runware: 0.5 },
      trtrrrttffffttrttttftftftftttttfrtttttttttfftttrfrftfrrtttttrfrt: { fal: 0.3, runware: 0.3, third: 0.4 },
    };
    for (const [expected, weights] of Object.entries(golden)) {
      const picker = compile(weights, rules, chance(1));
      expect(Array.from(expected, (_, i) => picker.of(`user-${i}`)[0]).join('')).toBe(expected);
    }
  });

  /** Weights within what the plan gives in the end, and the same with one candidate's share changed by the baseline. */
  const twoVersions = fc
    .record({
      parts: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 7 }),
      rest: fc.integer({ min: 0, max: 1000 }),
      now: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 7, maxLength: 7 }),
      moved: fc.nat(),
      to: fc.integer({ min: 0, max: 100 }),
      third: fc.integer({ min: 0, max: 200 }),
    })
    .map(({ parts, rest, now, moved, to, third }) => {
      const total = parts.reduce((sum, part) => sum + part, rest) || 1;
      const candidates = parts.map((_, i) => `c${i}`);
      const others = third / 1000;
      const room = Object.fromEntries(parts.map((part, i) => [`c${i}`, ((1 - others) * part) / total]));
      const weightsOf = (parts: readonly number[]): Weights => {
        const taken = candidates.map((name, i) => [name, ((room[name] ?? 0) * (parts[i] ?? 0)) / 100] as const);
        const baseline = 1 - others - taken.reduce((sum, [, share]) => sum + share, 0);
        return { ...Object.fromEntries(taken), third: others, base: Math.max(0, baseline) };
      };
      const arm = moved % candidates.length;
      const after = now.map((part, i) => (i === arm ? to : part));
      return { candidates, room, arm: `c${arm}`, before: weightsOf(now), after: weightsOf(after) };
    });

  it('moves only users between the baseline and the one candidate whose share changes, of any number', () => {
    fc.assert(
      fc.property(twoVersions, fc.array(user, { minLength: 100, maxLength: 100 }), (given, users) => {
        const { candidates, room, arm, before, after } = given;
        const [one, other] = [before, after].map((weights) =>
          compile(weights, { baseline: 'base', candidates, room, salt: 9 }, chance(1)),
        );
        const rises = shareOf(after, arm) > shareOf(before, arm);
        for (const name of users) {
          const [from, to] = [one?.of(name), other?.of(name)];
          if (from !== to) expect([from, to]).toEqual(rises ? ['base', arm] : [arm, 'base']);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('needs no plan for that with two candidates', () => {
    const shares = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }));
    fc.assert(
      fc.property(shares, fc.integer({ min: 0, max: 500 }), fc.array(user, { minLength: 60 }), ([x, y], z, users) => {
        const at = (x: number) =>
          compile(
            { fal: (1000 - x - y) / 1000, x: x / 1000, y: y / 1000 },
            { baseline: 'fal', candidates: ['x', 'y'], salt: 3 },
            chance(1),
          );
        const [low, high] = [at(Math.min(x, z)), at(Math.max(x, z))];
        for (const name of users) {
          const [from, to] = [low.of(name), high.of(name)];
          if (from !== to) expect([from, to]).toEqual(['fal', 'x']);
        }
      }),
    );
  });

  it('gives each of many its share of the users, also beyond what the plan gives', () => {
    const names = ['a', 'b', 'c', 'd'];
    const users = Array.from({ length: 20_000 }, (_, i) => `u${i}`);
    const room = { a: 0.05, b: 0.05, c: 0.05, d: 0.05 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 }), (parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0);
        if (total === 0) return;
        const weights = Object.fromEntries([...names, 'base'].map((name, i) => [name, (parts[i] ?? 0) / total]));
        const picker = compile(weights, { baseline: 'base', candidates: names, room, salt: 1 }, chance(1));
        const counts = new Map<string, number>();
        for (const each of users) counts.set(picker.of(each), (counts.get(picker.of(each)) ?? 0) + 1);
        for (const [name, share] of Object.entries(weights)) {
          // Of draws that nobody has seen: a few rare users more must not look like a fault.
          const spread = 7 * Math.sqrt(users.length * share * (1 - share)) + 1e-6;
          expect(Math.abs((counts.get(name) ?? 0) - users.length * share)).toBeLessThan(spread);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('spreads short keys evenly', () => {
    const picker = compile({ fal: 0.5, runware: 0.3, p3: 0.2 }, rules, chance(1));
    for (const prefix of ['', 'u', 'user-', '用户']) {
      const counts = new Map<string, number>();
      for (let i = 0; i < 10_000; i += 1) {
        const name = picker.of(`${prefix}${i}`);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      const expected = { fal: 5000, runware: 3000, p3: 2000 };
      const distance = Object.entries(expected).reduce(
        (sum, [name, count]) => sum + ((counts.get(name) ?? 0) - count) ** 2 / count,
        0,
      );
      // 99.99 % of chi-square with 2 degrees of freedom.
      expect(distance).toBeLessThan(18.4);
    }
  });

  it('splits the users of another split independently', () => {
    const half = { fal: 0.5, runware: 0.5 };
    const one = compile(half, rules, chance(1));
    const other = compile(half, { ...rules, salt: saltOf('OTHER_PROVIDER_WEIGHTS') }, chance(1));
    const agreeing = Array.from({ length: 10_000 }, (_, i) => `user-${i}`).filter(
      (name) => one.of(name) === other.of(name),
    );
    expect(Math.abs(agreeing.length - 5000)).toBeLessThan(200);
  });
});
