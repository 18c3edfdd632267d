import { describe, expect, it } from 'vitest';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { readPolicy, readPolicyValue, renameFault } from '@/lib/split/policy/read-policy';

const registered = ['fal', 'runware'];
const line = (more: object) => ({
  redLines: [{ metric: 'failure_rate', limit: 0.02, window: '5m', hold: '5m', ...more }],
});
const faults = (value: unknown) => {
  const reading = readPolicyValue(value, registered);
  return reading.ok ? [] : reading.faults;
};

describe('GEN_ROLLOUT_POLICY', () => {
  it('is the default policy when empty', () => {
    expect(readPolicy('{}', registered)).toEqual({ ok: true, policy: defaultPolicy });
  });

  it('survives being written and read back', () => {
    const text = JSON.stringify(formatPolicy(defaultPolicy));
    expect(readPolicy(text, registered)).toEqual({ ok: true, policy: defaultPolicy });
    expect(text).toContain('"observe":null');
    expect(text).toContain('"window":"5m"');
  });

  it('keeps what it says and fills in what it leaves out', () => {
    const reading = readPolicyValue({ ...line({ window: '1m', hold: '0s' }), minRequests: 20, evidence: 'observed' });
    expect(reading.ok && reading.policy.redLines[0]).toEqual({
      metric: 'failure_rate',
      limit: 0.02,
      timesBaseline: null,
      windowSeconds: 60,
      holdSeconds: 0,
      action: 'rollback',
    });
    expect(reading.ok && reading.policy.stages).toEqual(defaultPolicy.stages);
    expect(reading.ok && reading.policy.minRequests).toBe(20);
  });

  it.each([
    ['not JSON', '{bad', 'the policy {bad is not JSON'],
    ['null', 'null', 'policy is null; it must be an object'],
    ['a list', '[]', 'policy is []; it must be an object'],
    ['a number', '1', 'policy is 1; it must be an object'],
    ['too long', `{"x":"${'a'.repeat(20_000)}"}`, 'at most 16384 are allowed'],
  ])('refuses text that is %s', (_what, text, expected) => {
    const reading = readPolicy(text, registered);
    expect(reading.ok ? '' : reading.faults.join('\n')).toContain(expected);
  });

  it.each<[string, unknown, string]>([
    ['an unknown key', { redLine: [] }, 'policy has the unknown key "redLine"'],
    ['an unknown key of a line', line({ holds: '5m' }), 'policy.redLines[0] has the unknown key "holds"'],
    ['a duration in words', line({ window: '5 min' }), 'policy.redLines[0].window is "5 min"; it must be a duration'],
    ['a duration as a number', line({ window: 300 }), 'policy.redLines[0].window is 300; it must be a duration'],
    ['a window off the grid', line({ window: '15s' }), 'policy.redLines[0].window is "15s"'],
    ['a window of nothing', line({ window: '0s' }), 'policy.redLines[0].window is "0s"'],
    ['a window over a day', line({ window: '25h' }), 'policy.redLines[0].window is "25h"'],
    ['a hold left out', line({ hold: undefined }), 'policy.redLines[0].hold is missing'],
    ['a rate in percent', line({ limit: 2 }), 'policy.redLines[0].limit is 2; it must be a share'],
    ['a rate of nothing', line({ limit: 0 }), 'policy.redLines[0].limit is 0'],
    ['a rate as text', line({ limit: '0.02' }), 'policy.redLines[0].limit is "0.02"'],
    ['a rate too fine', line({ limit: 0.0200001 }), 'at most six decimals'],
    ['no limit', line({ limit: undefined }), 'policy.redLines[0].limit is missing; it must be set for failure_rate'],
    ['a rate relative to a cost', line({ timesBaseline: 1.2 }), 'is only for cost_per_image'],
    ['a p95 the bins cannot count', line({ metric: 'p95_latency_ms', limit: 8125 }), 'three significant digits'],
    ['a cost with both limits', line({ metric: 'cost_per_image', timesBaseline: 1.2 }), 'and not both'],
    ['a cost with none', line({ metric: 'cost_per_image', limit: undefined }), 'and not both'],
    ['an unknown metric', line({ metric: 'p99' }), 'policy.redLines[0].metric is "p99"; it must be p95_latency_ms'],
    ['a metric twice', { redLines: [line({}).redLines[0], line({}).redLines[0]] }, 'failure_rate twice'],
    ['no lines', { redLines: [] }, 'at least one red line'],
    ['no stages', { stages: [] }, 'at least one stage'],
    ['equal providers', { candidate: 'fal' }, 'policy.candidate is "fal"; it must differ'],
    ['an unregistered provider', { candidate: 'runwear' }, 'does not name "runwear"'],
    ['shares that do not add up', { rollback: { fal: 0.9, runware: 0 } }, 'adds up to 0.9; shares must add up to 1'],
    ['a share as text', { rollback: { fal: '1', runware: 0 } }, 'policy.rollback.fal is "1"; it must be a share'],
    ['a rollback that raises', { rollback: { fal: 0.5, runware: 0.5 } }, 'it must be more than 0.5'],
    ['half a request', { minRequests: 1.5 }, 'policy.minRequests is 1.5; it must be a whole number'],
    ['free images', { baselineCostUsd: 0 }, 'policy.baselineCostUsd is 0'],
    ['evidence by feeling', { evidence: 'felt' }, 'policy.evidence is "felt"; it must be "confirmed" or "observed"'],
    ['truth as text', { autoAdvance: 'yes' }, 'policy.autoAdvance is "yes"; it must be true or false'],
  ])('refuses %s with value, place and rule', (_what, value, expected) => {
    expect(faults(value).join('\n')).toContain(expected);
  });

  it('refuses stages out of order, twice named, or named like a state', () => {
    const stage = (name: string, share: number) => ({
      name,
      weights: { fal: 1 - share, runware: share },
      observe: '1h',
    });
    expect(faults({ stages: [stage('D1', 0.5), stage('D2', 0.1)] }).join()).toContain('it must be more than 0.5');
    expect(faults({ stages: [stage('D1', 0.1), stage('D1', 0.5)] }).join()).toContain('names "D1" twice');
    expect(faults({ stages: [stage('custom', 0.1)] }).join()).toContain('is the name of a state');
  });

  it('names every fault at once', () => {
    expect(faults({ minRequests: -1, autoAdvance: 1 })).toHaveLength(2);
  });

  it('accepts p95 limits of three significant digits, whatever their size', () => {
    for (const limit of [1, 12.5, 990, 8000, 12_500, 120_000])
      expect(faults(line({ metric: 'p95_latency_ms', limit }))).toEqual([]);
  });

  it('keeps provider names while a rollout is under way', () => {
    const renamed = { ...defaultPolicy, candidates: ['other'] };
    expect(renameFault(defaultPolicy, renamed, 'D1')).toContain('cannot change from "runware" to "other" in D1');
    expect(renameFault(defaultPolicy, renamed, 'baseline')).toBeNull();
    expect(renameFault(defaultPolicy, defaultPolicy, 'D1')).toBeNull();
  });
});
