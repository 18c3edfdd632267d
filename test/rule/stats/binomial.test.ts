import { describe, expect, it } from 'vitest';
import { logBinomialTail } from '@/lib/rule/stats/binomial';

// ln P[X ≥ k], computed apart from this code with 60-digit decimals (exact factorials, Stirling's series beyond 400).
const known: readonly (readonly [k: number, n: number, p: number, logTail: number])[] = [
  [1, 1, 0.01, -4.605170185988091],
  [2, 2, 0.01, -9.210340371976182],
  [3, 3, 0.01, -13.815510557964274],
  [1, 5, 0.025, -2.1294362552464428],
  [5, 5, 0.025, -18.44439727056968],
  [3, 10, 0.01, -9.080636513347697],
  [1, 50, 0.01, -0.9288848740408436],
  [4, 50, 0.01, -6.440146332994959],
  [6, 100, 0.01, -7.5341143506385935],
  [13, 100, 0.01, -24.1767503294688],
  [50, 100, 0.5, -0.616566547522416],
  [51, 100, 0.5, -0.7760824080411324],
  [100, 100, 0.5, -69.31471805599453],
  [20, 1000, 0.01, -5.717366383283305],
  [10, 1000, 0.01, -0.6111996890777196],
  [9, 1000, 0.01, -0.402999046138814],
  [60, 1000, 0.025, -20.60474430470957],
  [1000, 1000, 0.01, -4605.170185988091],
  [150, 10000, 0.01, -13.310465491731891],
  [100, 10000, 0.01, -0.6665066678876461],
  [1200, 100000, 0.01, -21.68755710575882],
  [999, 100000, 0.01, -0.65981546348872],
  [10300, 1000000, 0.01, -6.597982728118652],
  [10000, 1000000, 0.01, -0.690451073198596],
  [20000, 1000000, 0.01, -3918.7971627068473],
  [100500, 10000000, 0.01, -2.877290041057739],
  [101200, 10000000, 0.01, -9.555311453004528],
  [100000, 10000000, 0.01, -0.692293810736459],
  [99000, 10000000, 0.01, -0.0007251628278246744],
  [200000, 10000000, 0.01, -39142.52455148669],
  [5000000, 10000000, 0.5, -0.6928948991396849],
  [5005000, 10000000, 0.5, -7.151674465930829],
  [251000, 10000000, 0.025, -3.8391380420773022],
  [1, 10000000, 1e-9, -4.6101660188273925],
  [10000000, 10000000, 0.01, -46051701.85988091],
  [1, 10000000, 0.01, 0],
];

describe('the binomial tail', () => {
  it.each(known)('P[X ≥ %i] of %i draws at %d is exp(%d)', (k, n, p, logTail) => {
    const got = logBinomialTail(k, n, p);
    expect(Math.abs(got - logTail)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(logTail)));
  });

  it('is 1 for nothing and 0 for more than there were', () => {
    expect(logBinomialTail(0, 10, 0.01)).toBe(0);
    expect(logBinomialTail(11, 10, 0.01)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('adds up to one with the tail on the other side', () => {
    for (const [k, n, p] of [
      [3, 40, 0.1],
      [7, 1234, 0.005],
      [5000, 1e6, 0.005],
    ] as const) {
      const upper = Math.exp(logBinomialTail(k, n, p));
      const lower = Math.exp(logBinomialTail(n - k + 1, n, 1 - p));
      expect(upper + lower).toBeCloseTo(1, 12);
    }
  });

  it('never grows with k', () => {
    for (const n of [1, 7, 99, 3000]) {
      let last = 0;
      for (let k = 0; k <= Math.min(n, 200); k++) {
        const tail = logBinomialTail(k, n, 0.01);
        expect(tail).toBeLessThanOrEqual(last + 1e-14);
        last = tail;
      }
    }
  });
});
