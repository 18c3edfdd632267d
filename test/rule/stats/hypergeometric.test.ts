import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfMore, type Stratum } from '@/lib/rule/stats/hypergeometric';

const stratum = (rows: number, hits: number, otherRows: number, otherHits: number): Stratum => ({
  ...{ rows, hits, otherRows, otherHits },
});

/** Every way to deal the bad rows out, counted. */
function dealt(strata: readonly Stratum[]): number {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
  const seen = strata.reduce((sum, each) => sum + each.hits, 0);
  let ways = new Map([[0, 1]]);
  for (const { rows, hits, otherRows, otherHits } of strata) {
    const all = hits + otherHits;
    const next = new Map<number, number>();
    for (const [sum, weight] of ways)
      for (let x = Math.max(0, all - otherRows); x <= Math.min(all, rows); x++)
        next.set(sum + x, (next.get(sum + x) ?? 0) + weight * choose(rows, x) * choose(otherRows, all - x));
    ways = next;
  }
  const total = [...ways.values()].reduce((a, b) => a + b, 0);
  return [...ways].filter(([sum]) => sum >= seen).reduce((a, [, weight]) => a + weight, 0) / total;
}

describe('the chance that luck of assignment gives one arm this many of all hits', () => {
  it('is that of dealing them out', () => {
    expect(chanceOfMore([stratum(5, 5, 5, 0)])).toBeCloseTo(1 / 252, 15);
    expect(chanceOfMore([stratum(3, 0, 9, 4)])).toBe(1);
    const few = fc.integer({ min: 0, max: 12 });
    const any = fc.tuple(few, few, few, few).map(([n, h, m, g]) => stratum(n + h, h, m + g, g));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 3 }), (strata) => {
        expect(chanceOfMore(strata)).toBeCloseTo(dealt(strata), 10);
      }),
    );
  });

  it('says nothing where one arm has no rows, none was hit, or all were', () => {
    expect(chanceOfMore([])).toBe(1);
    expect(chanceOfMore([stratum(9, 9, 0, 0), stratum(4, 0, 4, 0), stratum(7, 7, 3, 3)])).toBe(1);
    expect(chanceOfMore([stratum(9, 9, 0, 0), stratum(5, 5, 5, 0)])).toBeCloseTo(1 / 252, 15);
  });

  it('keeps what was before a change of shares apart from what came after', () => {
    // Ten per cent in either half for both: pooled, the candidate's larger share of the sick half would look like its fault.
    const halves = [stratum(100, 1, 900, 9), stratum(900, 270, 100, 30)];
    expect(chanceOfMore(halves)).toBeGreaterThan(0.3);
    expect(chanceOfMore([stratum(1000, 271, 1000, 39)])).toBeLessThan(1e-9);
  });

  it('is exact where there are many rows', () => {
    expect(chanceOfMore([stratum(100_000, 1000, 100_000, 1000)])).toBeCloseTo(0.509, 2);
    expect(chanceOfMore([stratum(300, 90, 300, 30)])).toBeLessThan(1e-8);
  });
});
