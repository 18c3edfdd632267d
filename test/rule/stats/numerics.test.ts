import { describe, expect, it } from 'vitest';
import { normal, poisson, seeded } from '@/lib/replay/simulate/chance';
import { logBinomialPoint, logBinomialTail } from '@/lib/rule/stats/binomial';
import { studentTail } from '@/lib/rule/stats/student';

/** ln of n! the slow way. */
const logFactorial = (n: number) => Array.from({ length: n }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b, 0);
const slowPoint = (k: number, n: number, p: number) =>
  logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);

describe('one point of the binomial distribution', () => {
  it.each([0.001, 0.01, 0.3, 0.5, 0.9])('is what the factorials say, for every k of every n up to 40, at %d', (p) => {
    for (let n = 1; n <= 40; n++)
      for (let k = 0; k <= n; k++) {
        const exact = slowPoint(k, n, p);
        expect(Math.abs(logBinomialPoint(k, n, p) - exact)).toBeLessThan(1e-12 * Math.max(1, Math.abs(exact)));
      }
  });

  it('is certain where the chance is 0 or 1', () => {
    expect([logBinomialPoint(0, 5, 0), logBinomialPoint(1, 5, 0)]).toEqual([0, Number.NEGATIVE_INFINITY]);
    expect([logBinomialPoint(5, 5, 1), logBinomialPoint(4, 5, 1)]).toEqual([0, Number.NEGATIVE_INFINITY]);
    expect([logBinomialTail(1, 5, 0), logBinomialTail(5, 5, 1), logBinomialTail(1, 5, -1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      0,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('adds up to the tail', () => {
    for (const [k, n, p] of [
      [1, 12, 0.2],
      [3, 12, 0.2],
      [8, 12, 0.2],
      [30, 60, 0.5],
      [31, 60, 0.5],
    ] as const) {
      let sum = 0;
      for (let j = k; j <= n; j++) sum += Math.exp(slowPoint(j, n, p));
      expect(Math.exp(logBinomialTail(k, n, p))).toBeCloseTo(sum, 12);
    }
  });
});

/** The density of Student's distribution without its constant, which the integral itself gives. */
function slowTail(t: number, freedom: number): number {
  // t = √ν · tan θ turns both tails into an integral of cos^(ν−1) over an angle.
  const integral = (from: number) => {
    const steps = 4000;
    const width = (Math.PI / 2 - from) / steps;
    let sum = 0;
    for (let i = 0; i <= steps; i++)
      sum += Math.cos(from + i * width) ** (freedom - 1) * (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2);
    return (sum * width) / 3;
  };
  return integral(Math.atan(t / Math.sqrt(freedom))) / integral(0) / 2;
}

describe("the tail of Student's distribution, integrated by Simpson's rule", () => {
  it.each([3, 4, 5, 7, 9, 20, 31, 60, 99, 100, 101, 150, 400])('is the same with %i degrees of freedom', (freedom) => {
    for (const t of [0.001, 0.05, 0.3, 0.8, 1, 1.5, 2.2, 3]) {
      const slow = slowTail(t, freedom);
      expect(Math.abs(studentTail(t, freedom) / slow - 1)).toBeLessThan(1e-8);
    }
  });

  it('is the finite sum that even degrees of freedom have, to twelve digits', () => {
    for (let freedom = 2; freedom <= 140; freedom += 2)
      for (const t of [0.02, 0.3, 1, 1.7]) {
        const cosine = freedom / (freedom + t * t);
        let [sum, term] = [0, 1];
        for (let i = 1; i <= freedom / 2; i++) {
          sum += term;
          term *= ((2 * i - 1) / (2 * i)) * cosine;
        }
        const slow = (1 - Math.sqrt(1 - cosine) * sum) / 2;
        expect(Math.abs(studentTail(t, freedom) / slow - 1)).toBeLessThan(1e-12);
      }
  });

  it('falls from one half to nothing', () => {
    expect([
      studentTail(0, 4),
      studentTail(Number.NEGATIVE_INFINITY, 4),
      studentTail(Number.POSITIVE_INFINITY, 4),
    ]).toEqual([0.5, 1, 0]);
  });
});

describe('chance', () => {
  it('is mulberry32: the numbers that its author prints for a seed', () => {
    const random = seeded(0);
    expect([random(), random(), random()]).toEqual([0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]);
    expect(seeded(12345)()).toBe(0.9797282677609473);
    expect(seeded(-1)()).toBe(seeded(2 ** 32 - 1)());
  });

  it('turns a draw into the smallest count whose distribution function reaches it', () => {
    const mean = 3;
    let sum = 0;
    let point = Math.exp(-mean);
    for (let count = 0; count < 12; count++) {
      const [below, above] = [sum + point * 1e-6, sum + point * (1 - 1e-6)];
      expect([poisson(mean, () => below), poisson(mean, () => above)]).toEqual([count, count]);
      sum += point;
      point *= mean / (count + 1);
    }
    expect([poisson(0, () => 0.99), poisson(-1, () => 0.99)]).toEqual([0, 0]);
  });

  it('asks for a draw only where something can happen, and for two of each half of a large mean', () => {
    let draws = 0;
    const random = () => {
      draws++;
      return 0.5;
    };
    const asked = (mean: number) => {
      draws = 0;
      poisson(mean, random);
      return draws;
    };
    expect([asked(0), asked(1), asked(200), asked(201), asked(401)]).toEqual([0, 1, 1, 2, 4]);
    expect(poisson(200, () => 1 - 2 ** -53)).toBeGreaterThan(280);
    expect(poisson(400, random)).toBe(2 * poisson(200, random));
  });

  it('makes normal numbers of two draws, as Box and Muller do', () => {
    const drawn = (...draws: number[]) => normal(() => draws.shift() ?? 0);
    expect(drawn(0, 0.3)).toBeCloseTo(0, 15);
    expect(drawn(1 - Math.exp(-0.5), 0)).toBeCloseTo(1, 12);
    expect(drawn(1 - Math.exp(-2), 0.5)).toBeCloseTo(-2, 12);
    expect(drawn(1 - Math.exp(-2), 0.25)).toBeCloseTo(0, 12);
    const random = seeded(5);
    const many = Array.from({ length: 20_000 }, () => normal(random));
    const mean = many.reduce((a, b) => a + b, 0) / many.length;
    const variance = many.reduce((a, b) => a + (b - mean) ** 2, 0) / many.length;
    expect([Math.abs(mean) < 0.02, Math.abs(variance - 1) < 0.03]).toEqual([true, true]);
  });
});
