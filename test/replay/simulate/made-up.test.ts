import { describe, expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { preflight } from '@/lib/replay/simulate/preflight';
import { firstRollback, shippedRule, simulatedFacts } from '@/lib/replay/simulate/simulated-rollout';
import { type Behaviour, simulateTraffic } from '@/lib/replay/simulate/simulated-traffic';
import { detections, falseRollbacks, type Rule, type Trial } from '@/lib/replay/simulate/trials';
import { type History, total } from '@/lib/rule/buckets/history';
import { defaultPolicy, type Stage } from '@/lib/split/policy/policy';
import { recovered } from '@/test/lab/bench/evidence/recovered';

const usual: Behaviour = {
  perMinute: 60,
  failureRate: 0.3,
  slowShare: 0.2,
  voucherRate: 0.25,
  costUsd: 0.01,
  costSpread: 0.1,
};
const made = (steps: number, behave: (step: number) => Behaviour, seed = 1) =>
  simulateTraffic(defaultPolicy, steps, behave, seeded(seed));
const sum = (history: History, column: keyof History['candidate'], from = 0, to = history.end) =>
  total(history, history.candidate[column], from, to);

describe('made-up traffic', () => {
  const steps = 2000;
  const history = made(steps, () => usual);
  const requests = sum(history, 'requests');
  const near = (value: number, mean: number) => expect(Math.abs(value - mean)).toBeLessThan(4.5 * Math.sqrt(mean));

  it('has the requests, failures, slow answers and vouchers that it was told, to chance', () => {
    near(requests, steps * 10);
    near(sum(history, 'failures'), requests * 0.3);
    near(sum(history, 'slow'), requests * 0.2);
    near(sum(history, 'vouchers'), steps * 10 * 0.7 * 0.25);
    expect(sum(history, 'latencies')).toBe(requests);
    expect(sum(history, 'generated')).toBe(requests - sum(history, 'failures'));
    expect(sum(history, 'priced')).toBe(sum(history, 'generated'));
  });

  it('fails and is slow independently', () => {
    const slowOnly = made(steps, () => ({ ...usual, failureRate: 1, slowShare: 0.2 }));
    near(sum(slowOnly, 'slow'), sum(slowOnly, 'requests') * 0.2);
    expect([sum(slowOnly, 'generated'), sum(slowOnly, 'priced'), sum(slowOnly, 'vouchers')]).toEqual([0, 0, 0]);
    expect(sum(slowOnly, 'failures')).toBe(sum(slowOnly, 'requests'));
    const well = made(steps, () => ({ ...usual, failureRate: 0, slowShare: 0, voucherRate: 0 }));
    expect([sum(well, 'failures'), sum(well, 'slow'), sum(well, 'vouchers')]).toEqual([0, 0, 0]);
    near(sum(well, 'requests'), steps * 10);
  });

  it('has prices of the mean and the spread that it was told', () => {
    const n = sum(history, 'priced');
    const mean = sum(history, 'costNano') / n;
    const variance = (sum(history, 'costNanoSquared') - n * mean * mean) / (n - 1);
    expect(Math.abs(mean / 1e7 - 1)).toBeLessThan(0.005);
    expect(Math.abs(Math.sqrt(variance) / 1e6 - 1)).toBeLessThan(0.05);
    const exact = made(50, () => ({ ...usual, costSpread: 0 }));
    expect(sum(exact, 'costNano')).toBe(sum(exact, 'priced') * 1e7);
    expect(sum(exact, 'costNanoSquared') / (sum(exact, 'priced') * 1e14)).toBeCloseTo(1, 12);
  });

  it('asks how each step is, from the first to the last', () => {
    const asked: number[] = [];
    const some = made(5, (step) => {
      asked.push(step);
      return { ...usual, perMinute: step === 3 ? 600 : 0 };
    });
    expect(asked).toEqual([1, 2, 3, 4, 5]);
    expect([sum(some, 'requests', 0, 2), sum(some, 'requests', 3, 5)]).toEqual([0, 0]);
    near(sum(some, 'requests', 2, 3), 100);
    expect([some.origin, some.end, some.slowLimitMs]).toEqual([0, 5, 8000]);
  });
});

describe('trials', () => {
  const trial = (runs: number): Trial => ({ policy: defaultPolicy, healthy: usual, random: seeded(9), runs });
  const never: Rule = () => null;

  it('share of the stages that each rule ends', () => {
    const asked: unknown[] = [];
    let call = 0;
    const everyFourth: Rule = (history, from, to) => {
      asked.push([from, to, history.end]);
      return call++ % 4 === 0 ? 7 : null;
    };
    expect(falseRollbacks(trial(8), 30, [everyFourth, never])).toEqual([0.25, 0]);
    expect(asked).toEqual(Array(8).fill([1, 30, 30]));
  });

  it('time from the onset to the rollback: median, ninth decile, and how often at all', () => {
    const ats = [190, 181, 200, null, 195, 185, 191, 192, 193, 194];
    let call = 0;
    const asked: unknown[] = [];
    const rule: Rule = (history, from, to) => {
      const failing =
        total(history, history.candidate.failures, 180, to) / total(history, history.candidate.requests, 180, to);
      const before =
        total(history, history.candidate.failures, 0, 180) / total(history, history.candidate.requests, 0, 180);
      asked.push([from, to, history.end, failing, before < 0.5]);
      return ats[call++] ?? null;
    };
    const [found, nothing] = detections(trial(10), { ...usual, failureRate: 1 }, 60, [rule, never]);
    // In order: 10, 50, 100, 110, 120 | 130, 140, 150, 200, never.
    expect(found).toEqual({ median: 130, p90: Number.POSITIVE_INFINITY, detected: 0.9 });
    expect(nothing).toEqual({ median: Number.POSITIVE_INFINITY, p90: Number.POSITIVE_INFINITY, detected: 0 });
    expect(asked).toEqual(Array(10).fill([181, 240, 240, 1, true]));
  });

  it('ninth decile of eleven is the tenth', () => {
    let call = 0;
    const rule: Rule = () => 181 + call++;
    expect(detections(trial(11), usual, 60, [rule])[0]).toEqual({ median: 60, p90: 100, detected: 1 });
  });

  it('recovery: six sick steps and then none', () => {
    let seen: number[] = [];
    const rule: Rule = (history, from, to) => {
      const failed = (step: number) => total(history, history.candidate.failures, step - 1, step);
      seen = [
        from,
        to,
        history.end,
        ...Array.from({ length: 12 }, (_, i) => i + 178).filter((step) => failed(step) > 0),
      ];
      return 200;
    };
    const well = { ...usual, failureRate: 0 };
    expect(recovered({ ...trial(3), healthy: well }, { ...usual, failureRate: 1 }, [rule, never])).toEqual([1, 0]);
    expect(seen).toEqual([181, 360, 360, 181, 182, 183, 184, 185, 186]);
  });
});

describe('the shipped rule on made-up traffic', () => {
  const d1 = defaultPolicy.stages[0] as Stage;
  const outage = made(200, (step) => ({ ...usual, failureRate: step > 60 ? 1 : 0, slowShare: 0, voucherRate: 0 }));

  it('stands in a stage that began with the history, with nothing in its way', () => {
    const facts = simulatedFacts(defaultPolicy, d1, { runware: outage }, 0.02);
    expect(facts).toMatchObject({
      ...{ nowMs: 0, baseline: { configured: true, probeOk: true }, environmentCostUsd: 0.02 },
      ...{
        arms: { runware: { blind: false, voucherRateBefore: null } },
        lastTickMs: null,
        gate: null,
        policyVersion: 0,
      },
      state: { stage: 'D1', rolloutStartedAtMs: 0, stageStartedAtMs: 0, weights: { fal: 0.9, runware: 0.1 } },
    });
    const window = { role: 'candidate', fromMs: 0, toMs: 1, limitMs: 8000 } as const;
    expect(facts.arms.runware?.neighbours(window)).toEqual({ below: 6400, atOrAbove: 10_000 });
  });

  it('acts at the first tick at which the hold is full, and not before it is asked', () => {
    const facts = simulatedFacts(defaultPolicy, d1, { runware: outage }, 0.01);
    const found = firstRollback(facts, 1, 200);
    expect([found?.at, found?.line.metric]).toEqual([91, 'failure_rate']);
    expect([firstRollback(facts, 1, 90), firstRollback(facts, 1, 91)?.at, firstRollback(facts, 120, 200)?.at]).toEqual([
      null,
      91,
      120,
    ]);
    expect(shippedRule(defaultPolicy, d1, 0.01)(outage, 1, 200)).toBe(91);
    expect(shippedRule(defaultPolicy, d1, 0.01)(outage, 1, 90)).toBeNull();
  });
});

describe('preflight', () => {
  it('knows the plain figures exactly', () => {
    const endless: Stage = { name: 'D3', weights: { fal: 0.75, runware: 0.25 }, observeSeconds: null };
    const row = (stage: Stage, level: number, policy = defaultPolicy) =>
      preflight({ policy, stage, levels: [level], random: seeded(3), runs: 4 })[0];
    expect(row({ ...endless, observeSeconds: 1200 }, 120)).toMatchObject({
      ...{
        requests_per_minute: 120,
        candidate_per_minute: 30,
        false_rollback: 0,
        hours_to_min_requests: 150 / 30 / 60,
      },
    });
    // Too short for any hold: nothing is seen, and that is said with null.
    expect(row({ ...endless, observeSeconds: 100 }, 120)).toMatchObject({
      ...{ outage_median_minutes: null, outage_p90_minutes: null, tenth_failing_median_minutes: null },
      ...{ tenth_failing_p90_minutes: null, smallest_failure_rate_found: null },
    });
    const lax = {
      ...defaultPolicy,
      redLines: defaultPolicy.redLines.map((line) => (line.metric === 'failure_rate' ? { ...line, limit: 0.6 } : line)),
    };
    const found = row({ ...endless, observeSeconds: 1200 }, 1200, lax)?.smallest_failure_rate_found;
    expect(found).toBe(1);
    const total = row({ ...endless, observeSeconds: 1200 }, 1200);
    expect(total?.outage_median_minutes).toBeCloseTo(310 / 60, 9);
    expect(total?.outage_p90_minutes).toBeCloseTo(310 / 60, 9);
    expect(total?.smallest_failure_rate_found).toBeGreaterThanOrEqual(0.03);
    expect(total?.smallest_failure_rate_found).toBeLessThanOrEqual(0.05);
  });
});
