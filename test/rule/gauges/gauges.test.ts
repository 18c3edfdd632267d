import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import type { Gauge, GaugeContext } from '@/lib/rule/gauges/gauge';
import { costGauge } from '@/lib/rule/gauges/gauge-cost';
import { attributedGauge, globalGauge, isLikelier, p95Gauge, shareChance } from '@/lib/rule/gauges/gauge-share';
import { gaugesOf } from '@/lib/rule/gauges/red-lines';
import { logBinomialTail } from '@/lib/rule/stats/binomial';
import { studentTail } from '@/lib/rule/stats/student';
import { defaultPolicy, firstArm, type RedLine } from '@/lib/split/policy/policy';
import { historyOf } from '../../support/histories';

/** Ten buckets of ten seconds, named by their grid index 1…10. */
type Part = Partial<Omit<Bucket, 'atMs'>> & { readonly at: number };
const bucket = ({ at, ...more }: Part): Bucket => ({
  ...{ provider: 'runware', requests: 0, failures: 0, refused: 0, bins: [], priced: 0, ages: [], prices: [] },
  ...{ costNano: 0, costNanoSquared: 0, generated: 0, vouchers: 0 },
  ...more,
  atMs: at * 10_000,
});
const contextOf = (parts: readonly Part[], more: Partial<GaugeContext> = {}): GaugeContext => ({
  history: historyOf(parts.map(bucket), firstArm(defaultPolicy), 0, 100_000),
  neighbours: () => null,
  knownCost: null,
  pricesBefore: null,
  ...more,
});
const line = (metric: RedLine['metric']) => defaultPolicy.redLines.find((each) => each.metric === metric) as RedLine;
const first = (context: GaugeContext, metric: RedLine['metric']): Gauge =>
  gaugesOf(context, line(metric))[0]!.candidate;

describe('the failure rate', () => {
  const context = contextOf([
    { at: 1, requests: 50, failures: 1 },
    { at: 2, requests: 50, failures: 2 },
    { at: 3, provider: 'fal', requests: 7, failures: 7 },
    { at: 10, requests: 5, failures: 5 },
  ]);
  const gauge = first(context, 'failure_rate');

  it('counts the buckets after the first end and up to the last', () => {
    expect([gauge.count(0, 1), gauge.count(0, 2), gauge.count(1, 2), gauge.count(2, 9), gauge.count(9, 10)]).toEqual([
      50, 100, 50, 0, 5,
    ]);
    expect([gauge.count(-5, 1), gauge.count(9, 99), gauge.count(50, 99)]).toEqual([50, 5, 0]);
    expect([gauge.value(0, 1), gauge.value(1, 2), gauge.value(2, 9), gauge.traffic(0, 10)]).toEqual([
      0.02,
      0.04,
      null,
      105,
    ]);
  });

  it('is over its line only above it, and has no side without requests', () => {
    expect([gauge.side(0, 1), gauge.side(1, 2), gauge.side(2, 9)]).toEqual(['under', 'over', 'unmeasured']);
    expect([gauge.limit(0, 1), gauge.straddled(0, 1)]).toEqual([0.02, false]);
  });

  it('is judged against half of its line', () => {
    expect(gauge.chance(0, 2)).toEqual({
      ...{ chance: Math.exp(logBinomialTail(3, 100, 0.01)), atLine: Math.exp(logBinomialTail(3, 100, 0.02)) },
      ...{ n: 100, hits: 3 },
    });
    expect(gauge.chance(2, 9)).toEqual({ chance: 1, atLine: 1, n: 0, hits: 0 });
    const { chance } = gauge.chance(0, 2);
    expect([gauge.isRarer(0, 2, chance), gauge.isRarer(0, 2, chance * 1.000001)]).toEqual([false, true]);
    expect(gauge.isLikeBefore(0, 1, 2)).toBe(isLikelier(2, 50, 0.03, 0.01));
    expect(gauge.isLikeBefore(0, 1, 2)).toBe(true);
  });

  it('keeps limits to six decimals', () => {
    const sixth = (failures: number) =>
      gaugesOf(contextOf([{ at: 1, requests: 1_000_000, failures }]), {
        ...line('failure_rate'),
        limit: 0.0000029,
      })[0]!.candidate.side(0, 1);
    expect([sixth(3), sixth(4)]).toEqual(['under', 'over']);
  });
});

describe('likelihoods', () => {
  it('weigh a rate against half the line, eight to one where it has more than halved', () => {
    const odds = (hits: number, n: number, sick: number, healthy: number) =>
      hits * Math.log(sick / healthy) + (n - hits) * Math.log((1 - sick) / (1 - healthy));
    for (const [hits, n, sick] of [
      [2, 100, 0.1],
      [3, 100, 0.1],
      [5, 100, 0.1],
      [4, 100, 0.1],
      [6, 100, 0.1],
      [1, 40, 0.05],
      [1, 39, 0.06],
    ] as const)
      expect(isLikelier(hits, n, sick, 0.01)).toBe(odds(hits, n, sick, 0.01) > (hits / n < sick / 2 ? Math.log(8) : 0));
    expect([isLikelier(1, 1, 1, 0.01), isLikelier(0, 1, 1, 0.01), isLikelier(7, 5, 1.4, 0.025)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([isLikelier(0, 10, 0.02, 0.01), isLikelier(2, 100, 0.02, 0.02)]).toEqual([false, false]);
  });

  it('take no more hits than there are rows', () => {
    expect(shareChance(7, 5, 0.5).chance).toBe(shareChance(5, 5, 0.5).chance);
    expect(shareChance(7, 5, 0.5)).toMatchObject({ n: 5, hits: 7 });
  });
});

describe('the cost', () => {
  const prices = (at: number, provider: string, ...usd: number[]): Part => {
    const nano = usd.map((each) => each * 1e9);
    return {
      ...{ at, provider, requests: usd.length, priced: usd.length },
      costNano: nano.reduce((a, b) => a + b, 0),
      costNanoSquared: nano.reduce((a, b) => a + b * b, 0),
    };
  };
  const sick = [0.065, 0.07, 0.06, 0.068, 0.072, 0.061];
  const context = contextOf([prices(1, 'runware', ...sick), prices(1, 'fal', 0.05, 0.05), prices(3, 'runware', 0.06)]);
  const gauge = first(context, 'cost_per_image');

  it('has a line at a multiple of the baseline’s mean of the same window', () => {
    expect([gauge.limit(0, 1), gauge.limit(1, 2), gauge.side(1, 3)]).toEqual([0.06, null, 'unmeasured']);
    expect([gauge.side(0, 1), gauge.side(0, 3), gauge.side(4, 5)]).toEqual(['over', 'over', 'unmeasured']);
    expect([gauge.value(0, 1), gauge.value(4, 5), gauge.count(0, 3), gauge.traffic(0, 3)]).toEqual([
      expect.closeTo(0.066, 12),
      null,
      7,
      7,
    ]);
    expect(gauge.straddled(0, 1)).toBe(false);
  });

  it('has that line at what is known before, or at a price of its own', () => {
    const known = costGauge(
      { ...context, knownCost: { usd: 0.05, source: 'policy' } },
      'candidate',
      line('cost_per_image'),
    );
    expect([known.limit(2, 3), known.side(2, 3)]).toEqual([0.06, 'under']);
    const fixed = costGauge(context, 'candidate', { ...line('cost_per_image'), timesBaseline: null, limit: 0.0599 });
    expect([fixed.limit(2, 3), fixed.side(2, 3)]).toEqual([0.0599, 'over']);
    const plain = costGauge(context, 'candidate', { ...line('cost_per_image'), timesBaseline: null, limit: null });
    expect(plain.limit(0, 1)).toBe(0.05);
  });

  it('is tested against the midpoint of the baseline and the line', () => {
    const nano = sick.map((usd) => usd * 1e9);
    const mean = nano.reduce((a, b) => a + b, 0) / 6;
    const own = nano.reduce((a, b) => a + (b - mean) ** 2, 0) / 5;
    const variance = Math.max(own, 0.005e9 ** 2);
    const chance = studentTail((mean - 0.055e9) / Math.sqrt(variance / 6), 5);
    expect(gauge.chance(0, 1)).toEqual({ chance: expect.closeTo(chance, 12), atLine: 0, n: 6, hits: 0 });
    expect(gauge.chance(2, 3)).toEqual({ chance: 1, atLine: 1, n: 0, hits: 0 });
    expect([gauge.isRarer(0, 1, chance * 1.001), gauge.isRarer(0, 1, chance * 0.999)]).toEqual([true, false]);
    const fixed = costGauge(contextOf([prices(1, 'runware', ...sick)]), 'candidate', {
      ...line('cost_per_image'),
      ...{ timesBaseline: null, limit: 0.06 },
    });
    // Without a baseline to compare with, the line itself is what is tested against.
    expect(fixed.chance(0, 1).chance).toBeCloseTo(studentTail((mean - 0.06e9) / Math.sqrt(0.006e9 ** 2 / 6), 5), 12);
  });

  it('goes on while the newer part is nearer to the line than to the baseline, or says nothing', () => {
    const known = (...usd: number[]) =>
      costGauge(
        contextOf([prices(2, 'runware', ...usd)], { knownCost: { usd: 0.05, source: 'policy' } }),
        'candidate',
        line('cost_per_image'),
      );
    expect([known(0.0551).isLikeBefore(0, 1, 2), known(0.055).isLikeBefore(0, 1, 2)]).toEqual([true, false]);
    expect([known().isLikeBefore(0, 1, 2), gauge.isLikeBefore(0, 1, 2)]).toEqual([true, true]);
    const fixed = costGauge(contextOf([prices(2, 'runware', 0.07)]), 'candidate', {
      ...line('cost_per_image'),
      limit: 0.07,
    });
    expect(fixed.isLikeBefore(0, 1, 2)).toBe(false);
  });

  it('of a few equal prices is taken to spread by a tenth of what they should be', () => {
    const known = contextOf([prices(1, 'runware', ...Array(6).fill(0.07))], {
      knownCost: { usd: 0.05, source: 'policy' },
    });
    const found = costGauge(known, 'candidate', line('cost_per_image')).chance(0, 1);
    expect(found.chance).toBeCloseTo(studentTail((0.015 / 0.005) * Math.sqrt(6), 5), 9);
  });

  it('is like for like: a dearer mix of models is not a dearer provider', () => {
    const keyed = (at: number, provider: string, key: string, usd: number, n: number): Part => ({
      ...{ at, provider, requests: n, priced: n, costNano: n * usd * 1e9, costNanoSquared: n * (usd * 1e9) ** 2 },
      prices: [{ key, priced: n, costNano: n * usd * 1e9, costNanoSquared: n * (usd * 1e9) ** 2 }],
    });
    const mixed = [keyed(1, 'fal', 'cheap', 0.01, 90), keyed(2, 'fal', 'dear', 0.1, 10)];
    const dear = contextOf([...mixed, keyed(3, 'runware', 'dear', 0.1, 6)]);
    const same = costGauge(dear, 'candidate', line('cost_per_image'));
    expect([same.side(0, 3), same.value(0, 3)?.toFixed(6), same.limit(0, 3)]).toEqual(['under', '0.100000', 0.12]);
    const dearer = contextOf([...mixed, keyed(3, 'runware', 'dear', 0.13, 6), keyed(4, 'runware', 'cheap', 0.01, 6)]);
    const both = costGauge(dearer, 'candidate', line('cost_per_image'));
    expect([both.side(0, 4), both.count(0, 4), both.limit(0, 4)]).toEqual(['over', 12, 0.066]);
    const unknown = costGauge(
      contextOf([...mixed, keyed(3, 'runware', 'new', 9, 6)]),
      'candidate',
      line('cost_per_image'),
    );
    expect([unknown.side(0, 3), unknown.count(0, 3)]).toEqual(['unmeasured', 0]);
    const before = [{ key: 'new', priced: 4, costNano: 4e9, costNanoSquared: 4e18 }];
    const known = contextOf([keyed(3, 'runware', 'new', 2, 6)], { pricesBefore: before });
    expect(costGauge(known, 'candidate', line('cost_per_image')).limit(0, 3)).toBe(1.2);
  });
});

describe('the vouchers', () => {
  const parts: Part[] = [
    { at: 1, requests: 30, generated: 20, vouchers: 2 },
    { at: 1, provider: 'fal', requests: 90, generated: 80, vouchers: 1 },
    { at: 2, provider: '', vouchers: 4 },
    { at: 3, provider: 'third', generated: 10, vouchers: 5 },
  ];
  const context = contextOf(parts);

  it('are the provider’s own where they name it', () => {
    const own = attributedGauge(context.history, 'candidate', 0.05);
    expect([own.value(0, 9), own.count(0, 9), own.traffic(0, 9)]).toEqual([0.1, 20, 30]);
    expect(attributedGauge(context.history, 'baseline', 0.05).value(0, 9)).toBe(0.0125);
  });

  it('are everybody’s only where one names nobody', () => {
    const all = globalGauge(context.history, 0.05);
    expect([all.count(0, 1), all.traffic(0, 1), all.side(0, 1)]).toEqual([0, 0, 'under']);
    expect([all.count(0, 2), all.traffic(0, 2), all.value(0, 2), all.side(0, 2)]).toEqual([100, 100, 0.07, 'over']);
    expect([all.value(0, 3), all.side(2, 3), all.side(4, 5)]).toEqual([12 / 110, 'under', 'unmeasured']);
  });

  it('are measured in both ways, and only one of them has a baseline', () => {
    const both = gaugesOf(context, line('regenerate_voucher_rate'));
    expect(both.map(({ baseline }) => baseline === null)).toEqual([false, true]);
  });
});

describe('the p95', () => {
  const bins = (slow: number, n: number): Part => ({
    at: 1,
    requests: n,
    bins: [
      [7990, n - slow],
      [8000, slow],
    ],
  });
  const gauge = (part: Part, more: Partial<GaugeContext> = {}) => p95Gauge(contextOf([part], more), 'candidate', 8000);

  it('counts rows with a latency, and shows nothing that contradicts its side', () => {
    const over = gauge({
      at: 1,
      requests: 25,
      bins: [
        [7990, 18],
        [8000, 2],
      ],
    });
    expect([over.count(0, 1), over.traffic(0, 1), over.side(0, 1), over.side(1, 2)]).toEqual([
      20,
      25,
      'over',
      'unmeasured',
    ]);
    expect([over.value(0, 1), over.value(1, 2), over.limit(0, 1)]).toEqual([8005, null, 8000]);
    const under = gauge({
      at: 1,
      bins: [
        [8000, 1],
        [7990, 99],
      ],
    });
    expect([under.side(0, 1), under.value(0, 1)]).toEqual(['under', 7995]);
    const seems = gauge(
      {
        at: 1,
        bins: [
          [7990, 10],
          [8000, 1],
        ],
      },
      { neighbours: () => ({ below: 7990, atOrAbove: 8000 }) },
    );
    expect([seems.side(0, 1), seems.value(0, 1)]).toEqual(['under', 7999.2]);
    const high = gauge(
      {
        at: 1,
        bins: [
          [7000, 10],
          [8000, 1],
        ],
      },
      { neighbours: () => ({ below: 7999.9, atOrAbove: 9000 }) },
    );
    expect([high.side(0, 1), high.value(0, 1)]).toEqual(['over', 8000]);
  });

  it('asks for the neighbours where the rank lies between the sides, and nowhere else', () => {
    const asked: unknown[] = [];
    const neighbours: GaugeContext['neighbours'] = (window) => {
      asked.push(window);
      return { below: 7000, atOrAbove: 9000 };
    };
    const straddling = gauge(bins(1, 11), { neighbours });
    expect([straddling.straddled(0, 1), straddling.side(0, 1), straddling.straddled(1, 2)]).toEqual([
      true,
      'over',
      false,
    ]);
    expect(asked).toEqual([{ role: 'candidate', fromMs: 0, toMs: 10_000, limitMs: 8000 }]);
    expect(gauge(bins(2, 11), { neighbours }).straddled(0, 1)).toBe(false);
  });

  it.each([
    [{ below: null, atOrAbove: 9000 }, 'under'],
    [{ below: 7999, atOrAbove: null }, 'under'],
    [null, 'under'],
    [{ below: 7999, atOrAbove: 9000 }, 'over'],
  ])('falls back to the bins without both neighbours: %o is %s', (given, side) => {
    expect(gauge(bins(1, 11), { neighbours: () => given }).side(0, 1)).toBe(side);
  });

  it('is evidence by the share of slow rows, against half of 5 %', () => {
    const slow = gauge(bins(9, 60));
    expect(slow.chance(0, 1)).toEqual({
      ...{ chance: Math.exp(logBinomialTail(9, 60, 0.025)), atLine: Math.exp(logBinomialTail(9, 60, 0.05)) },
      ...{ n: 60, hits: 9 },
    });
    const { chance } = slow.chance(0, 1);
    expect([slow.isRarer(0, 1, chance), slow.isRarer(0, 1, chance * 1.0001)]).toEqual([false, true]);
    const ended = p95Gauge(contextOf([bins(9, 60), { at: 2, bins: [[100, 60]] }]), 'candidate', 8000);
    expect([ended.isLikeBefore(0, 1, 2), ended.isLikeBefore(0, 0, 1)]).toEqual([false, true]);
  });
});

describe('a history of buckets', () => {
  it('adds up what lies inside, in any order', () => {
    const parts = fc.array(
      fc.record({
        at: fc.integer({ min: -3, max: 14 }),
        provider: fc.constantFrom('runware', 'fal', 'third', ''),
        requests: fc.nat({ max: 9 }),
        failures: fc.nat({ max: 9 }),
        vouchers: fc.nat({ max: 9 }),
        generated: fc.nat({ max: 9 }),
        bins: fc.array(fc.tuple(fc.constantFrom(90, 7990, 8000, 9000), fc.integer({ min: 1, max: 9 })), {
          maxLength: 3,
        }),
      }),
      { maxLength: 12 },
    );
    const span = fc
      .tuple(fc.integer({ min: -2, max: 12 }), fc.integer({ min: -2, max: 12 }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(parts, span, (given, [from, to]) => {
        const { history } = contextOf(given);
        const inside = (who: readonly string[]) =>
          given.filter(
            ({ at, provider }) => at > Math.max(0, from) && at <= Math.min(10, to) && who.includes(provider),
          );
        const sum = (list: typeof given, pick: (part: (typeof given)[number]) => number) =>
          list.reduce((total, part) => total + pick(part), 0);
        const between = (column: Float64Array) => {
          const clip = (index: number) => Math.min(10, Math.max(0, index));
          return (column[clip(to)] ?? 0) - (column[clip(from)] ?? 0);
        };
        for (const [role, who] of [
          ['candidate', ['runware']],
          ['baseline', ['fal']],
          ['everyone', ['runware', 'fal', 'third', '']],
        ] as const) {
          const mine = inside(who);
          expect(between(history[role].generated)).toBe(sum(mine, (part) => part.generated));
          expect(between(history[role].vouchers)).toBe(sum(mine, (part) => part.vouchers));
          const isOne = role !== 'everyone';
          if (isOne) expect(between(history[role].requests)).toBe(sum(mine, (part) => part.requests));
          if (isOne) expect(between(history[role].failures)).toBe(sum(mine, (part) => part.failures));
          const rows = (least: number) =>
            sum(mine, ({ bins }) => bins.reduce((n, [edge, count]) => n + (edge >= least ? count : 0), 0));
          if (isOne)
            expect([between(history[role].latencies), between(history[role].slow)]).toEqual([rows(0), rows(8000)]);
          const listed = history.bins(role, from, to);
          expect(listed.reduce((n, [, , count]) => n + count, 0)).toBe(rows(0));
          expect(listed.map(([edge]) => edge)).toEqual(
            [...new Set(listed.map(([edge]) => edge))].sort((a, b) => a - b),
          );
        }
        expect(between(history.unattributed)).toBe(sum(inside(['']), (part) => part.vouchers));
      }),
    );
  });
});
