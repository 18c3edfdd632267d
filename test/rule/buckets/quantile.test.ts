import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binOf } from '@/lib/rule/buckets/bucket';
import { type Bins, Histogram, mergeBins, quantileOfBins } from '@/lib/rule/buckets/quantile';

const binsOf = (latencies: readonly number[]) => mergeBins(latencies.map((each) => [[binOf(each), 1] as const]));

function percentileCont(latencies: readonly number[], quantile: number): number {
  const sorted = [...latencies].sort((a, b) => a - b);
  const rank = quantile * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? 0;
  return low + (rank - Math.floor(rank)) * (high - low);
}

test('nothing has no quantile', () => {
  expect(quantileOfBins([], 0.95)).toBeNull();
});

test('one row is every quantile, to half a bin', () => {
  expect(quantileOfBins(binsOf([1234]), 0.5)).toBe(1235);
});

test('is within 1 % of percentile_cont, at every n and however wide the gap between two rows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ min: 1, max: 600_000, noNaN: true }), fc.constantFrom(10, 9000)), {
        minLength: 1,
        maxLength: 400,
      }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (latencies, quantile) => {
        const exact = percentileCont(latencies, quantile);
        const found = quantileOfBins(binsOf(latencies), quantile) ?? 0;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.0051 * exact);
      },
    ),
  );
});

test('merging adds up counts and keeps the order of the edges', () => {
  const one = [
    [100, 1],
    [1000, 2],
  ] as const;
  const other = [
    [1.5, 4],
    [100, 1],
  ] as const;
  expect(mergeBins([one, other])).toEqual([
    [1.5, 4],
    [100, 2],
    [1000, 2],
  ]);
});

const latency = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 1, max: 100, noNaN: true }),
  fc.double({ min: 100, max: 3_600_000, noNaN: true }),
  fc.constantFrom(0, 0.99, 1, 9.99, 10, 99.9, 100, 999, 1000, 8000, 3_600_000),
);
const filled = (parts: readonly Bins[]) => {
  const histogram = new Histogram();
  for (const [edge, count] of parts.flat()) histogram.add(edge, count);
  return histogram;
};

test('says what merged bins say, to the last digit', () => {
  fc.assert(
    fc.property(fc.array(fc.array(latency)), fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (parts, any) => {
      const bins = parts.map((part) => mergeBins(part.map((each) => [[binOf(each), 1] as const])));
      expect(filled(bins).bins()).toEqual(mergeBins(bins));
      const quantiles = any.toSorted((a, b) => a - b);
      expect(filled(bins).quantiles(quantiles)).toEqual(quantiles.map((q) => quantileOfBins(mergeBins(bins), q)));
      const sum = new Histogram();
      for (const [at, each] of bins.entries()) at % 2 === 0 ? sum.addBins(each) : sum.addAll(filled([each]));
      expect(sum.bins()).toEqual(mergeBins(bins));
    }),
  );
});

test('is empty again once cleared', () => {
  const histogram = filled([[[8000, 3]]]);
  histogram.clear();
  expect(histogram.bins()).toEqual([]);
  expect(histogram.quantiles([0.95])).toEqual([null]);
  histogram.add(250, 1);
  expect(histogram.bins()).toEqual([[250, 1]]);
});
