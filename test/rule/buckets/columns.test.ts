import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMembers } from '@/lib/kernel/json-text';
import { Timeline } from '@/lib/replay/timeline';
import { binEnd, binOf } from '@/lib/rule/buckets/bucket';
import { gridIndex, historySinceMs, slowLimitOf, total } from '@/lib/rule/buckets/history';
import { Histogram, mergeBins, quantileOfBins } from '@/lib/rule/buckets/quantile';
import { hash32 } from '@/lib/split/hash';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { bucketEndMs } from '../../support/histories';

describe('a bin', () => {
  it.each([
    [0, 0, 0.01],
    [0.019, 0.01, 0.02],
    [0.999, 0.99, 1],
    [1, 1, 1.01],
    [1.239, 1.23, 1.24],
    [12.39, 12.3, 12.4],
    [99.99, 99.9, 100],
    [100, 100, 101],
    [123.9, 123, 124],
    [1000, 1000, 1010],
    [1239, 1230, 1240],
    [7999.9, 7990, 8000],
    [8000, 8000, 8010],
    [99_999, 99_900, 100_000],
    [3_600_000, 3_600_000, 3_610_000],
  ])('of %d ms begins at %d and ends at %d', (latencyMs, edge, end) => {
    expect(binOf(latencyMs)).toBe(edge);
    expect(binEnd(edge)).toBeCloseTo(end, 9);
  });

  it('is found again from its own edge, for every three digits', () => {
    for (const power of [1, 10, 100, 1000])
      for (let lead = 100; lead < 1000; lead++) {
        const edge = Number((lead * power).toPrecision(3));
        expect(binOf(edge)).toBe(edge);
        expect(binEnd(edge) / edge).toBeLessThanOrEqual(1.0100001);
      }
  });

  it('belongs to a bucket that is closed on the right', () => {
    expect([1, 9999, 10_000, 10_001].map(bucketEndMs)).toEqual([10_000, 10_000, 10_000, 20_000]);
  });
});

describe('bins in a histogram', () => {
  const edges = fc
    .oneof(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.double({ min: 0, max: 3_600_000, noNaN: true }),
      fc.constantFrom(0, 9.99, 10, 99.9, 100, 9990, 10_000, 1e6),
    )
    .map((latency) => binOf(latency));
  const bins = fc.array(fc.tuple(edges, fc.integer({ min: 1, max: 5 })), { maxLength: 40 });
  const filled = (parts: readonly (readonly [number, number])[]) => {
    const histogram = new Histogram();
    for (const [edge, count] of parts) histogram.add(edge, count);
    return histogram;
  };

  it('are those that merging gives, and so are their quantiles', () => {
    fc.assert(
      fc.property(bins, bins, (one, other) => {
        const both = filled(one);
        both.addAll(filled(other));
        const merged = mergeBins([one, other]);
        expect(both.bins().map(([edge, count]) => [Number(edge.toPrecision(6)), count])).toEqual(
          merged.map(([edge, count]) => [Number(edge.toPrecision(6)), count]),
        );
        const wanted = [0.5, 0.95, 0.99, 0, 1];
        for (const [i, value] of both.quantiles(wanted).entries()) {
          const exact = quantileOfBins(merged, wanted[i] ?? 0);
          if (exact === null) expect(value).toBeNull();
          else expect(value).toBeCloseTo(exact, 6);
        }
      }),
    );
  });

  it('are gone once cleared', () => {
    const histogram = filled([
      [100, 3],
      [8000, 2],
      [0.5, 1],
    ]);
    histogram.clear();
    expect([histogram.bins(), histogram.quantiles([0.5])]).toEqual([[], [null]]);
    histogram.add(200, 1);
    expect(histogram.bins()).toEqual([[200, 1]]);
    expect(histogram.quantiles([0.5])[0]).toBe(200.5);
    histogram.add(9000, 1);
    expect(histogram.bins()).toEqual([
      [200, 1],
      [9000, 1],
    ]);
  });
});

describe('a timeline', () => {
  const step = fc.record({
    ahead: fc.integer({ min: 0, max: 7 }),
    adds: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 })), { maxLength: 4 }),
  });

  it('answers any span of what it keeps as a plain list of entries does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 6 }), (steps, keep) => {
        const timeline = new Timeline(100, 8000, keep);
        const entries: [number, number][] = [];
        let end = 100;
        timeline.settle();
        for (const { ahead, adds } of steps) {
          end += ahead;
          timeline.reach(end);
          let late = false;
          for (const [ago, amount] of adds) {
            const index = end - ago;
            if (index <= timeline.origin) continue;
            timeline.add(timeline.candidate.requests, index, amount);
            timeline.add(timeline.unattributed, index, 1);
            entries.push([index, amount]);
            late ||= index < end;
          }
          const settled = timeline.settle();
          if (late) expect(settled).toBe(true);
          expect(timeline.end).toBe(end);
          expect(end - timeline.origin).toBeGreaterThanOrEqual(Math.min(keep, end - 100));
          for (let from = timeline.origin; from <= end; from++) {
            const inside = entries.filter(([index]) => index > from && index <= end);
            expect(total(timeline, timeline.candidate.requests, from, end)).toBe(
              inside.reduce((sum, [, n]) => sum + n, 0),
            );
            expect(total(timeline, timeline.unattributed, from, end)).toBe(inside.length);
          }
        }
      }),
    );
  });

  it('keeps as many buckets as it was told, forgets older ones, and takes nothing for them', () => {
    const timeline = new Timeline(0, null, 10);
    timeline.reach(21);
    expect(timeline.origin).toBe(0);
    timeline.reach(22);
    expect([timeline.origin, timeline.end, timeline.slowLimitMs]).toEqual([12, 22, null]);
    timeline.add(timeline.candidate.slow, 12, 5);
    timeline.add(timeline.candidate.slow, 13, 5);
    timeline.settle();
    expect(total(timeline, timeline.candidate.slow, 0, 22)).toBe(5);
    timeline.reach(20);
    expect([timeline.end, timeline.bins('candidate', 0, 1)]).toEqual([22, []]);
  });

  it('refuses a column that is not its own, and keeps only the candidate when told so', () => {
    const alone = new Timeline(0, null, 10, () => [], 'candidate');
    alone.reach(5);
    expect(() => alone.add(new Timeline(0, null, 10).unattributed, 1, 1)).toThrow(
      'A column of another history was given.',
    );
    expect(() => alone.add(alone.baseline.requests, 1, 1)).toThrow('A column of another history was given.');
    expect([alone.baseline.requests.length, alone.everyone.requests.length]).toEqual([0, 0]);
    expect(total(alone, alone.baseline.requests, 0, 5)).toBe(0);
  });

  it('says whether buckets before the last had changed', () => {
    const timeline = new Timeline(0, null, 10);
    timeline.reach(5);
    timeline.settle();
    timeline.reach(6);
    timeline.add(timeline.candidate.requests, 6, 1);
    expect(timeline.settle()).toBe(false);
    timeline.add(timeline.candidate.requests, 5, 1);
    expect(timeline.settle()).toBe(true);
    expect(timeline.settle()).toBe(false);
  });
});

describe('the history that a verdict needs', () => {
  it('reaches back to the longest horizon of the longest line, on the grid', () => {
    expect(historySinceMs(defaultPolicy, 100_000_005_000)).toBe(100_000_000_000 - 16 * 4200 * 1000);
    expect(historySinceMs({ ...defaultPolicy, redLines: [] }, 25_000)).toBe(20_000);
    expect([gridIndex(19_999), gridIndex(20_000)]).toEqual([1, 2]);
  });

  it('counts slow rows from the p95 line on, where there is one', () => {
    expect(slowLimitOf(defaultPolicy)).toBe(8000);
    expect(slowLimitOf({ ...defaultPolicy, redLines: defaultPolicy.redLines.slice(1) })).toBeNull();
  });
});

describe('the hash of a key', () => {
  /** FNV-1a and murmur3's final mix, as their authors write them, in whole numbers without end. */
  function slowHash(key: string, seed: number): number {
    const low = (value: bigint) => value & 0xffffffffn;
    const mix = (value: bigint) => {
      let h = low(value);
      h = low((h ^ (h >> 16n)) * 0x85ebca6bn);
      h = low((h ^ (h >> 13n)) * 0xc2b2ae35n);
      return h ^ (h >> 16n);
    };
    let hash = 0x811c9dc5n ^ mix(BigInt(seed));
    for (const unit of Array.from({ length: key.length }, (_, at) => BigInt(key.charCodeAt(at))))
      for (const byte of [unit & 0xffn, unit >> 8n]) hash = low((hash ^ byte) * 0x01000193n);
    return Number(mix(hash ^ BigInt(key.length)));
  }

  it('is FNV-1a over both bytes of each unit, mixed, whatever the key and the seed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 2 ** 32 - 1 }), (key, seed) => {
        expect(hash32(key, seed)).toBe(slowHash(key, seed));
      }),
    );
  });
});

describe('the default policy', () => {
  it('is the plan’s', () => {
    const line = (metric: string, limit: number | null, windowSeconds: number, holdSeconds: number) => ({
      ...{ metric, limit, timesBaseline: limit === null ? 1.2 : null, windowSeconds, holdSeconds },
      action: 'rollback',
    });
    expect(defaultPolicy).toEqual({
      ...{ baseline: 'fal', candidates: ['runware'], rollback: { fal: 1, runware: 0 } },
      stages: [
        { name: 'D1', weights: { fal: 0.9, runware: 0.1 }, observeSeconds: 3600 },
        { name: 'D2', weights: { fal: 0.5, runware: 0.5 }, observeSeconds: 10_800 },
        { name: 'D3', weights: { fal: 0, runware: 1 }, observeSeconds: null },
      ],
      redLines: [
        line('p95_latency_ms', 8000, 300, 300),
        line('failure_rate', 0.02, 300, 300),
        line('cost_per_image', null, 3600, 600),
        line('regenerate_voucher_rate', 0.05, 3600, 600),
      ],
      ...{
        evidence: 'confirmed',
        sharedCause: 'block',
        warningTolerance: 0,
        maxPinned: 0.05,
        minRequests: 150,
        baselineCostUsd: null,
        autoAdvance: false,
      },
    });
  });
});

describe('the members of an object', () => {
  it.each([
    ['{}', []],
    [' \t\r\n{ } ', []],
    ['{"a":1}', [['a', '1']]],
    [
      '{"a" : 1e400 , "a":-0\n}',
      [
        ['a', '1e400'],
        ['a', '-0'],
      ],
    ],
    [
      '{"\\"}":"x\\",}","b":{"c":[1,{"d":2}],"e":"]"},"f":[]}',
      [
        ['"}', '"x\\",}"'],
        ['b', '{"c":[1,{"d":2}],"e":"]"}'],
        ['f', '[]'],
      ],
    ],
    [
      '{"\\\\":"\\\\","x":null}',
      [
        ['\\', '"\\\\"'],
        ['x', 'null'],
      ],
    ],
    ['[1]', null],
    ['"x"', null],
    ['null', null],
  ])('%s are these', (json, members) => {
    expect(readMembers(json)?.map(({ key, literal }) => [key, literal]) ?? null).toEqual(members);
  });
});
