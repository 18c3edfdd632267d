import { describe, expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { Bets, logMean } from '@/lib/rule/early-warning';

const odds = [1.3, 1.8, 3, 8];

/** Hits that fall on rows of either arm alike, so many blocks of them. */
function fair(blocks: number, seed: number, worse = 1): number {
  const random = seeded(seed);
  const bets = new Bets(odds, 1);
  let most = Number.NEGATIVE_INFINITY;
  for (let block = 0; block < blocks; block++) {
    const pair = { rows: 0, hits: 0, otherRows: 0, otherHits: 0 };
    for (let row = 0; row < 40; row++) {
      const isOurs = random() < 0.5;
      const isHit = random() < 0.1 * (isOurs ? worse : 1);
      if (isOurs) pair.rows++;
      else pair.otherRows++;
      if (isHit && isOurs) pair.hits++;
      else if (isHit) pair.otherHits++;
    }
    bets.see(pair);
    most = Math.max(most, bets.logOdds);
  }
  return most;
}

describe('bets on one arm being worse', () => {
  it('win 100 : 1 seldom where both are alike, however often one looks', () => {
    const ever = Array.from({ length: 300 }, (_, seed) => fair(120, seed)).filter((most) => most >= Math.log(100));
    expect(ever.length / 300).toBeLessThanOrEqual(0.02);
  });

  it('win where one is twice as bad', () => {
    const won = Array.from({ length: 20 }, (_, seed) => fair(240, seed, 2)).filter((most) => most >= Math.log(2000));
    expect(won.length).toBeGreaterThanOrEqual(19);
  });

  it('win soon where one turns bad after both were alike for long', () => {
    const bets = new Bets(odds, 1);
    for (let block = 0; block < 600; block++) bets.see({ rows: 100, hits: 10, otherRows: 100, otherHits: 10 });
    expect(bets.logOdds).toBeLessThan(0);
    let blocks = 0;
    for (; bets.logOdds < Math.log(2000) && blocks < 100; blocks++)
      bets.see({ rows: 100, hits: 30, otherRows: 100, otherHits: 10 });
    expect(blocks).toBeLessThanOrEqual(4);
  });

  it('are worth no more than one before a block is seen, whatever it will be', () => {
    // The mean over every way to deal four bad rows out to twelve of thirty.
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    for (const tolerated of [1, 1.1]) {
      let [mean, all] = [0, 0];
      for (let hits = 0; hits <= 4; hits++) {
        const bets = new Bets(odds, tolerated);
        bets.see({ rows: 12, hits, otherRows: 18, otherHits: 4 - hits });
        const ways = choose(12, hits) * choose(18, 4 - hits);
        mean += ways * Math.exp(bets.logOdds);
        all += ways;
      }
      expect(mean / all).toBeLessThanOrEqual(1);
      expect(mean / all).toBeGreaterThan(0.5);
    }
  });

  it('say nothing of a block without both, and know a mean of logarithms', () => {
    const bets = new Bets(odds, 1);
    expect(bets.see({ rows: 9, hits: 3, otherRows: 0, otherHits: 0 })).toBe(false);
    expect(bets.see({ rows: 9, hits: 0, otherRows: 9, otherHits: 0 })).toBe(false);
    expect([bets.logOdds, logMean([Math.log(1), Math.log(3)])]).toEqual([0, expect.closeTo(Math.log(2), 12)]);
  });
});
