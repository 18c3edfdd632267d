import { describe, expect, it } from 'vitest';
import { countdownOf } from '@/app/_components/band/countdown-of';
import { conditionOf } from '@/app/_components/state/condition';
import { healthOf } from '@/app/_components/state/provider-health';
import { stepsOf } from '@/app/_components/state/steps';
import { lineLook, verdictLook } from '@/app/_components/state/verdict-look';
import { isSilent } from '@/app/_components/state/watchdog';
import { fakeLine, fakeSnapshot } from '../../fakes/snapshot';

const latched = { at: '2026-03-02T11:20:00Z', by: 'watchdog', reason: null, journal_id: 7 };
const rearmed = { at: '2026-03-02T11:25:00Z', by: 'operator:bo', reason: 'mended', journal_id: 8 };
const paused = { at: '2026-03-02T11:20:00Z', by: 'operator:bo', reason: null };
const warnings = [
  { arm: 'runware', metric: 'failure_rate', since: '2026-03-02T11:20:00Z', odds: 4000, explanation: '' },
] as const;
const signal = fakeLine({ verdict: 'held', hindrance: 'signal', action: 'signal' });
const silent = { ...fakeSnapshot().watchdog, alive: false };

describe('the condition', () => {
  it.each([
    ['well', 'well', {}],
    ['rolled_back', 'breach', { latched, red_lines: [fakeLine({ verdict: 'held' })] }],
    ['held', 'breach', { red_lines: [fakeLine({ verdict: 'breach' }), fakeLine({ verdict: 'held' })] }],
    ['breach', 'breach', { red_lines: [fakeLine({ verdict: 'breach' })], watchdog: silent }],
    ['watchdog_silent', 'breach', { watchdog: silent, paused }],
    ['shared_cause', 'caution', { red_lines: [fakeLine({ verdict: 'shared_cause' })], warnings, paused }],
    ['breach', 'breach', { red_lines: [fakeLine({ verdict: 'shared_cause' }), fakeLine({ verdict: 'breach' })] }],
    ['signal', 'caution', { red_lines: [signal], paused }],
    ['breach', 'breach', { red_lines: [signal, fakeLine({ verdict: 'breach' })] }],
    ['early_warning', 'caution', { warnings, red_lines: [fakeLine({ verdict: 'insufficient' })] }],
    ['paused', 'caution', { warnings, paused }],
    ['blind', 'caution', { red_lines: [fakeLine({ verdict: 'blind' })], paused }],
    ['not_started', 'unknown', { weights: { fal: 1, runware: 0 }, stage: 'baseline' }],
    [
      're_armed',
      'unknown',
      { weights: { fal: 1, runware: 0 }, stage: 'baseline', story: { attempts: [], breaches: [], rearmed } },
    ],
    ['paused', 'caution', { paused }],
    ['unknown', 'unknown', { red_lines: [fakeLine(), fakeLine({ verdict: 'insufficient' })] }],
    ['unknown', 'unknown', { red_lines: [fakeLine({ verdict: 'no_traffic' })] }],
    ['not_enough', 'unknown', { observation: { ...fakeSnapshot().observation, requests: 21 } }],
  ] as const)('is %s (%s), the worst first', (name, tone, over) => {
    expect(conditionOf(fakeSnapshot(over))).toMatchObject({ name, tone });
  });

  it('names the line it speaks of', () => {
    const line = fakeLine({ verdict: 'held', metric: 'p95_latency_ms' });
    expect(conditionOf(fakeSnapshot({ red_lines: [fakeLine(), line] })).line).toBe(line);
  });
});

it('speaks of the line that acts first, as the countdown does', () => {
  const later = fakeLine({ verdict: 'breach', metric: 'p95_latency_ms', acts_at: '2026-03-02T11:40:00Z' });
  const sooner = fakeLine({ verdict: 'breach', acts_at: '2026-03-02T11:35:00Z' });
  const never = fakeLine({ verdict: 'breach', metric: 'cost_per_image', acts_at: null });
  const snapshot = fakeSnapshot({ red_lines: [never, later, sooner] });
  expect(conditionOf(snapshot).line).toBe(sooner);
  expect(countdownOf(snapshot, Date.parse(snapshot.now))).toMatchObject({ kind: 'rolls_back', line: sooner });
});

describe('a verdict', () => {
  it('without data is grey, never the colour of well', () => {
    expect([verdictLook('insufficient').tone, verdictLook('no_traffic').tone]).toEqual(['unknown', 'unknown']);
  });
});

describe('the steps', () => {
  it('begin with the baseline, which is past once the plan runs', () => {
    expect(stepsOf(fakeSnapshot()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'baseline past',
      'D1 current',
      'D2 next',
    ]);
  });

  it('begin with the state outside the plan when we are in one', () => {
    const [first] = stepsOf(fakeSnapshot({ stage: 'rolled_back', weights: { fal: 1, runware: 0 } }));
    expect(first).toMatchObject({ name: 'rolled_back', state: 'current', share: 0, by: 'operator:ann' });
  });
});

describe('the watchdog', () => {
  const watchdog = fakeSnapshot().watchdog;
  it('is silent after three of its own intervals, at least half a minute', () => {
    expect([isSilent(watchdog, 30), isSilent(watchdog, 30.1)]).toEqual([false, true]);
    const slow = { ...watchdog, interval_seconds: 60 };
    expect([isSilent(slow, 180), isSilent(slow, 181)]).toEqual([false, true]);
  });

  it('is silent when the server says so', () => {
    expect(isSilent(silent, 1)).toBe(true);
  });
});

describe('a line within its limit', () => {
  const early = fakeSnapshot({ observation: { ...fakeSnapshot().observation, requests: 21 } });

  it('is grey, not green, before the stage has had its requests', () => {
    expect(lineLook(fakeLine(), early)).toMatchObject({ tone: 'unknown', name: 'not_enough' });
    expect(lineLook(fakeLine(), fakeSnapshot())).toMatchObject({ tone: 'well', name: 'ok' });
  });

  it('that is crossed is red however few there are', () => {
    expect(lineLook(fakeLine({ verdict: 'breach' }), early)).toMatchObject({ tone: 'breach', name: 'breach' });
  });
});

describe('a provider whose probe is answered', () => {
  const answered = {
    ok: true,
    latency_ms: 4,
    error: null,
    configured: true,
    breaker: 'closed',
    simulated: false,
  } as const;
  const recent = (requests: number, failures: number) => ({ requests, failures, window_seconds: 300, p95_ms: null });

  it.each([
    [recent(0, 0), 'ok'],
    [recent(100, 9), 'ok'],
    [recent(4, 4), 'tooFew'],
    [recent(5, 5), 'failsRequests'],
    [recent(100, 31), 'failsRequests'],
  ])('and whose requests are %j is %s', (lately, name) => {
    expect(healthOf({ ...answered, recent: lately })).toMatchObject({ name });
  });

  it('or not: without a word from any process it is not known to lack a key', () => {
    const unknown = { ...answered, ok: false, latency_ms: null, configured: false, recent: recent(0, 0) };
    expect(healthOf({ ...unknown, error: 'no instance has probed it' })).toMatchObject({ name: 'unprobed' });
    expect(healthOf({ ...unknown, error: 'no key' })).toMatchObject({ name: 'unconfigured' });
  });
});
