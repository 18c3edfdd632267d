import { describe, expect, it } from 'vitest';
import {
  claimOf,
  isComplete,
  policyOf,
  sameDraft,
  shownLimit,
  shownTolerance,
  withAction,
  withLimit,
  withShare,
  withSharedCause,
  withTolerance,
} from '@/app/_components/state/policy/policy-draft';
import type { PolicyWire, RedLineWire } from '@/lib/split/policy/format-policy';

const failures: RedLineWire = { metric: 'failure_rate', limit: 0.02, window: '5m', hold: '5m' };
const cost: RedLineWire = { metric: 'cost_per_image', timesBaseline: 1.2, window: '1h', hold: '10m' };
const policy: PolicyWire = {
  baseline: 'fal',
  candidate: 'runware',
  stages: [{ name: 'D1', weights: { fal: 0.9, runware: 0.1, other: 0 }, observe: '1h' }],
  rollback: { fal: 1, runware: 0 },
  redLines: [failures, cost],
  evidence: 'confirmed',
  minRequests: 150,
  baselineCostUsd: null,
  autoAdvance: false,
};

describe('a limit in the form', () => {
  it('is a percentage where it is a share', () => {
    expect([shownLimit(failures), shownLimit(cost)]).toEqual([2, 1.2]);
  });

  it('goes back without the dust of binary fractions', () => {
    expect(withLimit(failures, 2.9)).toMatchObject({ limit: 0.029 });
    expect(withLimit(cost, 1.35)).toEqual({ ...cost, timesBaseline: 1.35 });
  });
});

describe('what a default leaves out', () => {
  const changed = withTolerance(withSharedCause(policy, 'act'), 12.5);

  it('is written only while it is something else', () => {
    expect(changed).toEqual({ ...policy, sharedCause: 'act', warningTolerance: 0.125 });
    expect([shownTolerance(policy), shownTolerance(changed)]).toEqual([0, 12.5]);
    expect(withAction(failures, 'signal')).toEqual({ ...failures, action: 'signal' });
    expect(withAction(withAction(failures, 'signal'), 'rollback')).toEqual(failures);
    expect(isComplete(withTolerance(policy, Number.NaN))).toBe(false);
  });

  it('is the same draft again once it is set back, and there and back again', () => {
    const back = withTolerance(withSharedCause(changed, 'block'), 0);
    expect(sameDraft(back, policy)).toBe(true);
    expect(sameDraft(changed, policy)).toBe(false);
    expect(sameDraft(withTolerance(withSharedCause(back, 'act'), 12.5), changed)).toBe(true);
    expect(sameDraft(withSharedCause(withTolerance(back, 12.5), 'act'), changed)).toBe(true);
  });
});

describe('a share in the form', () => {
  it('leaves the rest to the baseline', () => {
    const stage = policy.stages[0];
    expect(stage && withShare(stage, policy, 'runware', 15).weights).toEqual({ fal: 0.85, runware: 0.15, other: 0 });
  });

  it('leaves other candidates what they have', () => {
    const { candidate: _, ...plan } = policy;
    const several = { ...plan, candidates: ['x', 'y'] };
    const stage = { name: 'D1', weights: { fal: 0.8, x: 0.1, y: 0.1 }, observe: '1h' };
    expect(withShare(stage, several, 'y', 25).weights).toEqual({ fal: 0.65, x: 0.1, y: 0.25 });
  });
});

describe('a draft', () => {
  it.each([
    ['as it came', policy, true],
    ['a window that is no duration', { ...policy, redLines: [{ ...failures, window: 'soon' }] }, false],
    ['a limit that is no number', { ...policy, redLines: [withLimit(failures, Number.NaN)] }, false],
    ['a baseline cost that is no number', { ...policy, baselineCostUsd: Number.NaN }, false],
    ['a last stage without end', { ...policy, stages: [{ name: 'D1', weights: { runware: 1 }, observe: null }] }, true],
  ])('%s: complete is %s', (_, draft, complete) => {
    expect(isComplete(draft)).toBe(complete);
  });
});

describe('what n flawless requests claim', () => {
  it('is 2 % at 150 and 100 % at none', () => {
    expect(claimOf(150)).toBeCloseTo(0.0198, 4);
    expect(claimOf(0)).toBe(1);
  });
});

describe('a draft as the rule reads it', () => {
  it('has seconds for durations and null for what is not set', () => {
    const { stages, redLines } = policyOf(policy);
    expect(stages[0]?.observeSeconds).toBe(3600);
    expect(redLines[1]).toEqual({
      metric: 'cost_per_image',
      limit: null,
      timesBaseline: 1.2,
      windowSeconds: 3600,
      holdSeconds: 600,
      action: 'rollback',
    });
  });
});
