import { describe, expect, it } from 'vitest';
import { poisson, seeded } from '@/lib/replay/simulate/chance';
import { preflight } from '@/lib/replay/simulate/preflight';
import { warnedShare } from '@/lib/replay/simulate/warned-of';
import { defaultPolicy, type Stage } from '@/lib/split/policy/policy';

const d1 = defaultPolicy.stages[0] as Stage;
const looked = (levels: number[], seed = 3, runs = 40) =>
  preflight({ policy: defaultPolicy, stage: d1, levels, random: seeded(seed), runs });

describe('preflight', () => {
  it('says what the policy sees at each level of traffic', () => {
    const [quiet, busy] = looked([20, 500]);
    expect(quiet).toMatchObject({ requests_per_minute: 20, candidate_per_minute: 2, hours_to_min_requests: 1.25 });
    expect(busy?.outage_median_minutes).toBeCloseTo(5.17, 1);
    expect(busy?.tenth_failing_median_minutes).toBeLessThan(7);
    expect(busy?.false_rollback).toBeLessThanOrEqual(0.02);
    expect(busy?.smallest_failure_rate_found).toBeLessThan(quiet?.smallest_failure_rate_found ?? 1);
  });

  it('says that nothing is seen without traffic', () => {
    expect(looked([0])[0]).toMatchObject({
      false_rollback: 0,
      outage_median_minutes: null,
      smallest_failure_rate_found: null,
      ...{ false_rollback_bursty: 0, smallest_slowdown_warned: null, smallest_failure_rate_warned: null },
      hours_to_min_requests: null,
    });
  });

  it('says how often bursts that are nobody’s fault end the stage, and what the early warning tells of', () => {
    const [quiet, busy] = looked([4, 400], 3, 12);
    expect(busy?.false_rollback_bursty).toBeGreaterThanOrEqual(0);
    expect(busy?.false_rollback_bursty).toBeLessThan(0.3);
    expect(busy?.smallest_slowdown_warned).toBeLessThanOrEqual(0.3);
    expect(busy?.smallest_failure_rate_warned).toBeLessThanOrEqual(0.05);
    expect(busy?.smallest_failure_rate_warned).toBeGreaterThan(0.01);
    expect(quiet?.smallest_slowdown_warned ?? 9).toBeGreaterThan(busy?.smallest_slowdown_warned ?? 0);
    // With nothing to compare with there is no early warning.
    const d3 = defaultPolicy.stages[2] as Stage;
    const alone = preflight({ policy: defaultPolicy, stage: d3, levels: [60], random: seeded(3), runs: 4 })[0];
    expect([alone?.smallest_slowdown_warned, alone?.smallest_failure_rate_warned]).toEqual([null, null]);
  });

  it('is warned of nothing where the two are alike', () => {
    const trial = { policy: defaultPolicy, stage: d1, perMinute: 200, steps: 360, failureRate: 0.01, runs: 40 };
    expect(warnedShare({ ...trial, random: seeded(5) }, { slower: 1 })).toBe(0);
    expect(warnedShare({ ...trial, random: seeded(5) }, { failureRate: 0.01 })).toBe(0);
    expect(warnedShare({ ...trial, random: seeded(5) }, { slower: 2 })).toBe(1);
    expect(warnedShare({ ...trial, random: seeded(5) }, { failureRate: 0.3 })).toBe(1);
  });

  it('is the same again with the same seed', () => {
    expect(looked([50], 11, 10)).toEqual(looked([50], 11, 10));
  });
});

describe('made-up traffic', () => {
  it.each([0.01, 0.5, 8, 350])('has the mean and the spread of a Poisson process: %d', (mean) => {
    const random = seeded(42);
    const draws = Array.from({ length: 20_000 }, () => poisson(mean, random));
    const average = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const spread = draws.reduce((sum, each) => sum + (each - average) ** 2, 0) / draws.length;
    expect(Math.abs(average / mean - 1)).toBeLessThan(0.15);
    expect(Math.abs(spread / mean - 1)).toBeLessThan(0.15);
  });
});
