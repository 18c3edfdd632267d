import { describe, expect, it } from 'vitest';
import { candidateShare, candidatesIn, isAtRest } from '@/app/_components/state/candidates';
import type { ArmView, ProviderView } from '@/lib/api/snapshot';

const arm = (name: string, role: ArmView['role'], share: number): ArmView => ({
  ...{
    name,
    role,
    share,
    provider: 'fal',
    model: null,
    stage: 'D1',
    requests: 0,
    rollout_started_at: null,
    latched: null,
  },
});
const three = {
  arms: [arm('old', 'baseline', 0.8), arm('x', 'candidate', 0.1), arm('y', 'candidate', 0.1), arm('z', 'none', 0)],
  candidate: 'x',
  without: [] as string[],
  weights: { old: 0.8, x: 0.1, y: 0.1, z: 0 },
};

describe('the candidates that a page speaks of', () => {
  it('are all, with what they take together', () => {
    expect(candidatesIn(three)).toEqual(['x', 'y']);
    expect(candidateShare(three)).toBe(0.2);
    expect(candidateShare(three, { old: 0.4, x: 0.3, y: 0.3 })).toBe(0.6);
  });

  it('are not those that were rolled back alone', () => {
    const left = { ...three, without: ['x'], weights: { old: 0.9, x: 0, y: 0.1 } };
    expect([candidatesIn(left), candidateShare(left)]).toEqual([['y'], 0.1]);
  });

  it('are all again once none is left', () => {
    expect(candidatesIn({ ...three, without: ['x', 'y'] })).toEqual(['x', 'y']);
  });

  it('is the one, where the registry says nothing of arms', () => {
    expect(candidatesIn({ ...three, arms: [] })).toEqual(['x']);
  });
});

describe('a split at rest', () => {
  const provider = (configured: boolean): ProviderView => ({
    ...{ ok: configured, latency_ms: null, error: null, configured, breaker: 'closed', simulated: false },
    recent: { requests: 0, failures: 0, window_seconds: 300, p95_ms: null },
  });
  const rest = {
    ...{ arms: three.arms, weights: { old: 1, x: 0 }, weights_fault: null, baseline: 'old', seen_by_all: true },
    providers: { fal: provider(true) },
  };

  it.each([
    [true, {}],
    [false, { weights: { old: 0.999, x: 0.001 } }],
    // Taken by an arm that the policy does not name: it comes back as well.
    [false, { weights: { old: 0.9, x: 0, z: 0.1 } }],
    [false, { weights_fault: 'no JSON' }],
    [false, { seen_by_all: false }],
    // Without the baseline's key its share goes to a candidate.
    [false, { providers: { fal: provider(false) } }],
    [false, { providers: {} }],
  ])('is %s of %o', (expected, change) => {
    expect(isAtRest({ ...rest, ...change })).toBe(expected);
  });
});
