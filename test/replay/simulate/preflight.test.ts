import { describe, expect, it } from 'vitest';
import { poisson, seeded } from '@/lib/replay/simulate/chance';
import { preflight } from '@/lib/replay/simulate/preflight';
import { defaultPolicy, type Stage } from '@/lib/split/policy/policy';

const d1 = defaultPolicy.stages[0] as Stage;
const looked = (levels: number[], seed = 3) =>
  preflight({ policy: defaultPolicy, stage: d1, levels, random: seeded(seed), runs: 40 });

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
      hours_to_min_requests: null,
    });
  });

  it('is the same again with the same seed', () => {
    expect(looked([50], 11)).toEqual(looked([50], 11));
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
