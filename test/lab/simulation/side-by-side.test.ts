import { describe, expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { chanceIfAlike, drawSplit, policyOf, rateOf, sumOf, tallyRound, watchSplit } from './side-by-side';

describe('false rollbacks of many splits, and of one', () => {
  it('are counted per split and hour, up to a rollback, by the exact interval of a count', () => {
    const none = rateOf({ hours: 1000, rollbacks: 0 });
    expect(none).toMatchObject({ rate: 0, low: 0 });
    expect(none.high * 1000).toBeCloseTo(3.689, 3);
    const ten = rateOf({ hours: 100, rollbacks: 10 });
    expect([ten.rate, ten.low * 100, ten.high * 100].map((value) => value.toFixed(3))).toEqual([
      '0.100',
      '4.795',
      '18.390',
    ]);
    expect(
      sumOf([
        { hours: 1, rollbacks: 2 },
        { hours: 3, rollbacks: 4 },
      ]),
    ).toEqual({ hours: 4, rollbacks: 6 });
  });

  it('are compared by what chance alone would do', () => {
    expect(chanceIfAlike({ hours: 10, rollbacks: 0 }, { hours: 10, rollbacks: 9 })).toBe(1);
    expect(chanceIfAlike({ hours: 10, rollbacks: 3 }, { hours: 10, rollbacks: 0 })).toBeCloseTo(1 / 8, 6);
    expect(chanceIfAlike({ hours: 10, rollbacks: 30 }, { hours: 10, rollbacks: 3 })).toBeLessThan(1e-5);
  });

  it('come of a split as if it stood alone, whoever stands beside it', () => {
    const [few, more] = [tallyRound({ splits: 3, hours: 1 }, 4), tallyRound({ splits: 5, hours: 1 }, 4)];
    expect([few.many.hours, few.one.hours]).toEqual([3, 3]);
    expect(more.many).toEqual({ hours: 5, rollbacks: 0 });
    expect(tallyRound({ splits: 3, hours: 1 }, 4)).toEqual(few);
  });

  it('ask several candidates by the live rule: one that fails ends its split, by its line', () => {
    const split = { candidates: ['x1', 'x2', 'x3'], perMinute: 40 };
    expect(policyOf(split).stages[0].weights).toEqual({ base: 0.7, x1: 0.1, x2: 0.1, x3: 0.1 });
    const healthy = (perMinute: number) => ({
      ...{ perMinute, failureRate: 0.01, slowShare: 0.02, voucherRate: 0.025, costUsd: 0.01, costSpread: 0.1 },
    });
    expect(watchSplit(split, 1, seeded(3))).toEqual({ hours: 1, rollback: null });
    const sick = watchSplit(split, 1, seeded(3), (perMinute) => ({ ...healthy(perMinute), failureRate: 0.5 }));
    expect(sick.rollback?.line.metric).toBe('failure_rate');
    expect(sick.hours).toBeLessThan(0.3);
    const drawn = Array.from({ length: 200 }, (_, seed) => drawSplit(seeded(seed)));
    expect(new Set(drawn.map(({ candidates }) => candidates.length))).toEqual(new Set([1, 2, 3]));
    expect(drawn.every(({ perMinute }) => perMinute >= 3 && perMinute <= 100)).toBe(true);
    expect(drawSplit(seeded(2), 1).candidates).toEqual(['x1']);
  });
});
