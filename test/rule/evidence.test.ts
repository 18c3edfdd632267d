import { describe, expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { shippedRule } from '@/lib/replay/simulate/simulated-rollout';
import { detections, falseRollbacks, type Trial } from '@/lib/replay/simulate/trials';
import { type Compared, costChance } from '@/lib/rule/gauges/gauge-cost';
import { isLikelier, isShareRarer, shareChance } from '@/lib/rule/gauges/gauge-share';
import { defaultPolicy, type Policy, type Stage } from '@/lib/split/policy/policy';
import { recovered } from '@/test/lab/bench/evidence/recovered';

const stage = (name: string) => defaultPolicy.stages.find((each) => each.name === name) as Stage;
const rule = (policy: Policy) => [shippedRule(policy, stage('D1'), 0.01)];
const trial = (perMinute: number, runs: number, policy = defaultPolicy): Trial => ({
  policy,
  healthy: { perMinute, failureRate: 0.01, slowShare: 0.02, voucherRate: 0.025, costUsd: 0.01, costSpread: 0.1 },
  random: seeded(20_260_302),
  runs,
});
const outage = (perMinute: number) => ({ ...trial(perMinute, 1).healthy, failureRate: 1 });

// A smaller, seeded edition of `npm run bench -- evidence`.
describe('the rule on made-up traffic', () => {
  it.each([0.5, 5, 50])('leaves a healthy candidate alone at %d requests a minute', (perMinute) => {
    expect(falseRollbacks(trial(perMinute, 200), 360, rule(defaultPolicy))[0]).toBeLessThanOrEqual(0.01);
  });

  it('rolls a healthy candidate back again and again when taken literally', () => {
    const literal = { ...defaultPolicy, evidence: 'observed' as const };
    expect(falseRollbacks(trial(10, 60, literal), 360, rule(literal))[0]).toBeGreaterThan(0.25);
  });

  it.each([
    [0.5, 450],
    [5, 320],
    [200, 320],
  ])('acts on a total outage at %d requests a minute within %d s (median)', (perMinute, seconds) => {
    const found = detections(trial(perMinute, 80), outage(perMinute), 360, rule(defaultPolicy))[0];
    expect(found?.median).toBeLessThanOrEqual(seconds);
  });

  it('does not act on a minute of outage that is over, at 200 requests a minute', () => {
    expect(recovered(trial(200, 60), outage(200), rule(defaultPolicy))).toEqual([0]);
  });
});

describe('evidence', () => {
  it('is none without rows, and grows with every hit', () => {
    expect(shareChance(0, 0, 0.02).chance).toBe(1);
    expect(shareChance(3, 5, 0.02).chance).toBeLessThan(shareChance(2, 5, 0.02).chance);
    // Vouchers can outnumber what was generated in a window.
    expect(shareChance(7, 5, 0.05)).toMatchObject({ hits: 7, n: 5 });
  });

  it('answers the short question as the long one', () => {
    for (let n = 0; n <= 300; n += 7)
      for (let hits = 0; hits <= Math.min(n, 30); hits++)
        expect(isShareRarer(hits, n, 0.01, 1e-4)).toBe(shareChance(hits, n, 0.02).chance < 1e-4);
  });

  it('tells a sickness that goes on from one that is over', () => {
    expect(isLikelier(1, 25, 0.04, 0.01)).toBe(true);
    expect(isLikelier(1, 25, 0.2, 0.01)).toBe(false);
    expect(isLikelier(4, 4, 1, 0.01)).toBe(true);
    expect(isLikelier(3, 4, 1, 0.01)).toBe(false);
  });

  it('tests a mean from five prices on, and takes no few equal prices for certain', () => {
    const priced = (n: number, each: number, spread = 0): Compared => {
      const squares = n * each * each + (n - 1) * spread * spread;
      const [reference, allowed] = [n * 50e6, n * 60e6];
      return {
        n,
        cost: n * each,
        reference,
        allowed,
        squares,
        products: n * each * 50e6,
        references: n * 50e6 ** 2,
        spread: 0,
      };
    };
    expect([costChance(priced(4, 70e6)).chance, costChance(priced(5, 55e6)).chance]).toEqual([1, 0.5]);
    // t = (70 − 55) / (5 / √n): a tenth of the price is the least spread that is believed.
    expect(costChance(priced(5, 70e6)).chance).toBeCloseTo(0.00128, 4);
    expect(costChance(priced(20, 70e6)).chance).toBeLessThan(1e-9);
    expect(costChance(priced(5, 60e6, 10e6)).chance).toBeCloseTo(0.163, 2);
    expect([costChance(priced(9, 60e6)).atLine, costChance(priced(9, 60.1e6)).atLine]).toEqual([1, 0]);
  });
});
