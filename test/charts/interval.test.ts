import { describe, expect, it } from 'vitest';
import { difference, meanEstimate, quantileEstimate, shareEstimate, unknown } from '@/lib/charts/interval';

describe('intervals', () => {
  it('Wilson: 10 of 100, and none of 10', () => {
    const ten = shareEstimate(10, 100);
    expect(ten.interval?.[0]).toBeCloseTo(0.0552, 4);
    expect(ten.interval?.[1]).toBeCloseTo(0.1744, 4);
    expect(shareEstimate(0, 10).interval?.[1]).toBeCloseTo(0.2775, 4);
    expect(shareEstimate(0, 0)).toEqual(unknown);
  });

  it('Student: the mean of 1, 2, 3, 4, 5 is 3 ± 1.963', () => {
    const { value, interval } = meanEstimate(5, 15, 55);
    expect(value).toBe(3);
    expect((interval?.[1] ?? 0) - 3).toBeCloseTo(1.9632, 3);
    expect(meanEstimate(1, 7, 49)).toEqual({ value: 7, n: 1, interval: null });
  });

  it('a quantile is bounded by its ranks, and not at all when the upper one lies beyond the rows', () => {
    const at = (share: number) => share * 1000;
    const { interval } = quantileEstimate(1000, 0.95, at);
    expect(interval?.[0]).toBeCloseTo(936.5, 0);
    expect(quantileEstimate(20, 0.95, at).interval).toBeNull();
  });

  it('a difference is known only where both are', () => {
    expect(difference(unknown, shareEstimate(1, 2))).toBeNull();
    const [low] = difference(shareEstimate(10, 1000), shareEstimate(100, 1000)) ?? [0];
    expect(low).toBeGreaterThan(0);
  });
});
