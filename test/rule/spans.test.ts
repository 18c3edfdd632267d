import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceAt, isNotLuck, isRare, luckOf } from '@/lib/rule/evidence';
import type { Gauge, Side } from '@/lib/rule/gauges/gauge';
import { clip, isStillSo, runBegan, type Span, spanOf, stepsOver } from '@/lib/rule/hold';
import { defaultPolicy } from '@/lib/split/policy/policy';

const luck = luckOf(false, 1);
const span: Span = { window: 3, hold: 4, half: 2, floor: 0, coldUntil: null };
const silent: Gauge = {
  side: () => 'unmeasured',
  value: () => null,
  count: () => 0,
  traffic: () => 0,
  limit: () => null,
  hits: () => 0,
  lineShare: null,
  repeated: undefined,
  chance: () => ({ chance: 1, atLine: 1, n: 0, hits: 0 }),
  isRarer: () => false,
  isLikeBefore: () => true,
  straddled: () => false,
};
/** A gauge whose window that ends at an index has this side, whatever its start. */
const sides = (at: (to: number) => Side): Gauge => ({ ...silent, side: (_from, to) => at(to) });

describe('a line in grid steps', () => {
  it('has its window, its hold and the newer half of that, rounded up', () => {
    const line = { ...defaultPolicy.redLines[0]!, windowSeconds: 3600, holdSeconds: 50 };
    expect(spanOf(line, 9)).toEqual({ window: 360, hold: 5, half: 3, floor: 9, coldUntil: 39 });
    expect([clip(8, spanOf(line, 9)), clip(9, spanOf(line, 9)), clip(10, spanOf(line, 9))]).toEqual([9, 9, 10]);
  });
});

describe('a run of windows over the line', () => {
  it('is walked as a reader of the log would, from now back', () => {
    const letters = fc.array(fc.constantFrom<Side>('over', 'under', 'unmeasured'), { minLength: 200, maxLength: 200 });
    const runs = fc.array(
      fc.tuple(fc.constantFrom<Side>('over', 'over', 'unmeasured', 'under'), fc.integer({ min: 1, max: 9 })),
      {
        minLength: 60,
        maxLength: 60,
      },
    );
    const long = runs.map((parts) => parts.flatMap(([side, length]) => Array<Side>(length).fill(side)));
    fc.assert(
      fc.property(fc.oneof(letters, long), fc.nat({ max: 30 }), fc.nat({ max: 6 }), (list, floor, hold) => {
        const at = Math.min(list.length - 1, 150);
        const given = { ...span, hold, half: Math.ceil(hold / 2), floor };
        const gauge = sides((to) => list[to] ?? 'unmeasured');
        let began: number | null = null;
        for (let index = at; index > Math.max(floor, at - 16 * (hold + 3) + 3) && list[index] !== 'under'; index--)
          if (list[index] === 'over' && (began === null || at - began < hold)) began = index;
        expect(runBegan(gauge, given, at)).toBe(began);
        const now = list[at] === 'over';
        expect(stepsOver(gauge, given, at)).toBe(now ? Math.min(hold, at - (began ?? at)) : null);
      }),
    );
  });

  it('reaches no further back than the longest horizon', () => {
    const gauge = sides((to) => (to === 200 || to <= 91 ? 'over' : 'unmeasured'));
    // 16 × (4 + 3) − 3 = 109 steps back from 200 is the last that is looked at: 92.
    expect([runBegan(gauge, span, 200), stepsOver(gauge, span, 200)]).toEqual([200, 0]);
    expect(
      runBegan(
        sides((to) => (to === 200 || to <= 92 ? 'over' : 'unmeasured')),
        span,
        200,
      ),
    ).toBe(92);
  });

  it('clips its windows at the start of the rollout', () => {
    const asked: number[][] = [];
    const gauge: Gauge = { ...silent, side: (from, to) => (asked.push([from, to]) ? 'over' : 'under') };
    runBegan(gauge, { ...span, floor: 7 }, 10);
    expect(asked).toEqual([
      [7, 10],
      [7, 9],
      [7, 8],
    ]);
  });
});

describe('the newer half of the hold', () => {
  const half = (side: Side, like = true) => {
    const asked: unknown[] = [];
    const gauge: Gauge = {
      ...silent,
      side: (...args) => (asked.push(args) ? side : 'under'),
      isLikeBefore: (...args) => asked.push(args) > 0 && like,
    };
    return [isStillSo(gauge, span, 20), asked];
  };

  it('blocks only when it is measured and well, or unlike what was before', () => {
    expect(half('unmeasured')).toEqual([true, [[18, 20]]]);
    expect(half('under')).toEqual([false, [[18, 20]]]);
    expect(half('over')).toEqual([
      true,
      [
        [18, 20],
        [13, 18, 20],
      ],
    ]);
    expect(half('over', false)[0]).toBe(false);
    expect(
      isStillSo(
        sides(() => 'under'),
        { ...span, hold: 0, half: 0 },
        20,
      ),
    ).toBe(true);
  });
});

describe('evidence', () => {
  /** Chance and hits by how far back a horizon reaches. */
  const horizonGauge = (
    chances: Readonly<Record<number, number>>,
    likeBefore: (from: number) => boolean = () => true,
  ) => {
    const middles: number[] = [];
    const gauge: Gauge = {
      ...silent,
      side: () => 'over',
      chance: (from, to) => ({ chance: chances[to - from] ?? 1, atLine: 0, n: to - from, hits: 2 }),
      isRarer: (from, to, threshold) => (chances[to - from] ?? 1) < threshold,
      isLikeBefore: (from, middle) => middles.push(middle) > 0 && likeBefore(from),
    };
    return { gauge, middles };
  };

  it('is the smallest chance over 1, 2, 4, 8 and 16 times the hold and the window', () => {
    for (const [best, times] of [7, 14, 28, 56, 112].map((steps) => [steps, steps / 7] as const)) {
      const { gauge } = horizonGauge({ 7: 0.5, 14: 0.5, 28: 0.5, 56: 0.5, 112: 0.5, [best]: 1e-9 });
      const found = evidenceAt(gauge, span, 200, luck);
      expect(found).toEqual({
        chance: 1e-9,
        n: best,
        hits: 2,
        horizonSeconds: 70 * times,
        threshold: 1e-4,
        atLine: 0,
        lineThreshold: 3e-3,
        dispersion: 1,
        pattern: 'steady',
        stillSo: true,
      });
      expect([isNotLuck(found), isRare(gauge, span, 200, 1e-4), isRare(gauge, span, 200, 1e-9)]).toEqual([
        true,
        true,
        false,
      ]);
    }
    const { gauge } = horizonGauge({ 7: 1e-4, 224: 1e-9 });
    expect(evidenceAt(gauge, span, 400, luck).chance).toBe(1e-4);
    expect(isNotLuck(evidenceAt(gauge, span, 400, luck))).toBe(false);
  });

  it('is the shorter horizon’s where two say the same', () => {
    expect(evidenceAt(horizonGauge({ 7: 0.1, 14: 0.1 }).gauge, span, 200, luck).n).toBe(7);
  });

  it('hears a longer horizon only where its newer half is like the whole', () => {
    const { gauge, middles } = horizonGauge({ 14: 1e-9, 28: 1e-8 }, (from) => from !== 186);
    const { chance, n } = evidenceAt(gauge, { ...span, half: 0 }, 200, luck);
    expect([chance, n, middles.slice(0, 2)]).toEqual([1e-8, 28, [193, 186]]);
    expect(isRare(horizonGauge({ 14: 1e-9 }, () => false).gauge, span, 200, 1e-4)).toBe(false);
    expect(isRare(horizonGauge({ 7: 1e-9 }, () => false).gauge, span, 200, 1e-4)).toBe(true);
    const odd = horizonGauge({ 7: 1, 9: 1e-9 });
    expect(evidenceAt(odd.gauge, { ...span, half: 0, floor: 191 }, 200, luck).n).toBe(9);
    expect(odd.middles).toEqual([195]);
  });

  it('ends at the start of the rollout, and says so in seconds', () => {
    const asked: number[] = [];
    const gauge: Gauge = {
      ...silent,
      chance: (from, to) => ({ chance: 1 / (to - from), atLine: 0, n: asked.push(to - from), hits: 1 }),
    };
    expect(evidenceAt(gauge, { ...span, floor: 190 }, 200, luck)).toMatchObject({ horizonSeconds: 100, chance: 0.1 });
    expect(asked).toEqual([7, 10]);
    const rare: number[] = [];
    isRare({ ...silent, isRarer: (from, to) => rare.push(to - from) < 0 }, { ...span, floor: 190 }, 200, 1);
    expect(rare).toEqual([7, 10]);
  });

  it('asks less of luck in a stage that ends, and of each of several candidates its part', () => {
    expect([luckOf(false, 1).healthy, luckOf(true, 1).healthy]).toEqual([1e-4, 1e-5]);
    expect(luckOf(false, 3)).toEqual({ healthy: 1e-4 / 3, onTheLine: 1e-3, among: 3 });
  });
});
