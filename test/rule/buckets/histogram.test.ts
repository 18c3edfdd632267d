import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binOf } from '@/lib/rule/buckets/bucket';
import { Histogram } from '@/lib/rule/buckets/histogram';
import { type Bins, mergeBins, quantileOfBins } from '@/lib/rule/buckets/quantile';

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
