import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaTail, incompleteBeta } from '@/lib/rule/stats/beta';
import { logBinomialTail } from '@/lib/rule/stats/binomial';

describe('the binomial tail carried on to numbers that are not whole', () => {
  it('is the tail where they are', () => {
    const n = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(
        n,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.001, max: 0.6, noNaN: true }),
        (n, x, p) => {
          const hits = Math.round(x * Math.min(n, 40));
          const exact = Math.exp(logBinomialTail(hits, n, p));
          expect(Math.abs(betaTail(hits, n, p) - exact)).toBeLessThan(1e-11 + 1e-9 * exact);
        },
      ),
    );
  });

  it('falls smoothly in between', () => {
    const tails = [2, 2.5, 3, 3.5, 4].map((hits) => betaTail(hits, 20.5, 0.05));
    expect(tails).toEqual([...tails].sort((a, b) => b - a));
    expect([betaTail(0, 9.5, 0.1), betaTail(10, 9.5, 0.1)]).toEqual([1, 0]);
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
    expect(incompleteBeta(0.5, 2.5, 2.5)).toBeCloseTo(0.5, 12);
  });
});
