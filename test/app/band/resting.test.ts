import { describe, expect, it } from 'vitest';
import { baselineRecent, isToldByFall, restOf } from '@/app/_components/band/resting';
import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import type { AttemptEnd } from '@/lib/api/story';
import { fakeLine, fakeSnapshot } from '../../fakes/snapshot';

const view = (configured = true, error: string | null = null): ProviderView => ({
  ...{ ok: configured, latency_ms: null, error, configured, breaker: 'closed', simulated: false },
  recent: { requests: 40, failures: 10, window_seconds: 300, p95_ms: null },
});
const rest = (over: Partial<Snapshot> = {}) =>
  fakeSnapshot({ weights: { fal: 1, runware: 0 }, providers: { fal: view(), runware: view() }, ...over });
const withArms = (...more: Partial<Snapshot['arms'][number]>[]) => {
  const [baseline, candidate] = fakeSnapshot().arms as [Snapshot['arms'][number], Snapshot['arms'][number]];
  return [baseline, candidate, ...more.map((each) => ({ ...candidate, ...each }))];
};

describe('what is said of candidates without a share', () => {
  it.each<[ReturnType<typeof restOf>, Partial<Snapshot>]>([
    [{ name: 'none' }, {}],
    [{ name: 'unseen' }, { seen_by_all: false }],
    // Where the baseline has no key, all of its traffic is a candidate's.
    [{ name: 'instead', arm: 'runware' }, { providers: { fal: view(false), runware: view() } }],
    [
      { name: 'instead', arm: 'runware' },
      { providers: { fal: view(false), runware: view() }, seen_by_all: false },
    ],
    [null, { providers: { fal: view(false), runware: view(false) } }],
    // Nobody has said whether it has a key.
    [null, { providers: { fal: view(false, 'no instance has probed it'), runware: view() } }],
    [null, { weights_fault: 'no JSON' }],
  ])('is %o of %o', (expected, over) => {
    expect(restOf(rest(over))).toEqual(expected);
  });
});

describe('why its requests failed', () => {
  const end: AttemptEnd = {
    ...{ at: '2026-03-02T11:28:00.000Z', by: 'watchdog', verb: 'rollback', stage: 'D1', share: 0.1, reason: null },
    ...{ metric: 'failure_rate', value: 0.25, journal_id: 7 },
  };
  const isTold = (ended: Partial<AttemptEnd>, over: Partial<Snapshot> = {}) => {
    const attempt = { from: end.at, steps: [], marks: [], ended: { ...end, ...ended } };
    const story = { attempts: [attempt], breaches: [], rearmed: null };
    return isToldByFall(rest({ story, ...over }), view());
  };

  it('is told by what the only candidate fell with, while that is in the window', () => {
    expect(isTold({})).toBe(true);
    expect(isTold({ at: '2026-03-02T11:20:00.000Z' })).toBe(false);
  });

  it('is not where another line decided, no value stands, or it may have been another candidate', () => {
    expect(isTold({ metric: 'p95_latency_ms' })).toBe(false);
    expect(isTold({ value: null })).toBe(false);
    expect(isTold({}, { arms: withArms({ name: 'acme', provider: 'acme' }) })).toBe(false);
  });
});

describe('how the baseline fares', () => {
  it('is what its provider was sent lately', () => {
    expect(baselineRecent(rest())).toMatchObject({ provider: 'fal', requests: 40, failures: 10 });
  });

  it.each<Partial<Snapshot>>([
    // Counted are creates, and jobs fail after theirs.
    { red_lines: [fakeLine({ metric: 'end_failure_rate' })] },
    // Counted are both arms together.
    { arms: withArms({ name: 'fal-fast', provider: 'fal' }) },
    { providers: {} },
  ])('is not known of %o', (over) => {
    expect(baselineRecent(rest(over))).toBeNull();
  });
});
