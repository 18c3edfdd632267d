import { describe, expect, it } from 'vitest';
import {
  advanceBlockers,
  advanceTarget,
  type GateFacts,
  type Judged,
  rearmBlockers,
  stageOrderBlocker,
  stepOrderBlocker,
  weightsBlockers,
} from '@/lib/rule/gates';
import { observation } from '@/lib/split/observation';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { usualLines } from '@/lib/split/policy/red-lines';
import { isEndless, raisesCandidate, stageNamed } from '@/lib/split/stages';
import { untouchedArm } from '@/lib/split/state';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { at, decided, liveState, oneLine, steady } from './scene';

const open: GateFacts = {
  state: liveState,
  policy: defaultPolicy,
  nowMs: at(0),
  stageRequests: { runware: 150 },
  watchdogAlive: true,
  watchdogSilentSeconds: null,
  unacknowledgedAlerts: 0,
  providerFaults: {},
  policyFault: null,
  seenByAll: true,
};
const blockers = (facts: Partial<GateFacts>, lines: Judged['lines'] = [], warnings: Judged['warnings'] = []) =>
  advanceBlockers({ ...open, ...facts }, { lines, warnings });
const only = (facts: Partial<GateFacts>) => {
  const found = blockers(facts);
  expect(found).toHaveLength(1);
  return found[0];
};

describe('a closed gate says why, with its numbers', () => {
  it('of the stage', () => {
    expect(only({ nowMs: at(-605) })).toEqual({
      code: 'time_not_served',
      detail: 'D1 has been observed for 49m 55s of 1h.',
      params: { served: 2995, needed: 3600 },
    });
    expect(only({ stageRequests: { runware: 149 } })).toEqual({
      code: 'too_few_requests',
      detail: 'runware served 149 of the 150 requests that D1 needs.',
      params: { requests: 149, needed: 150, of: 'requests' },
    });
    const redLines = usualLines.job;
    expect(only({ policy: { ...defaultPolicy, redLines }, stageRequests: { runware: 149 } })).toEqual({
      code: 'too_few_requests',
      detail: 'runware was given 149 of the 150 jobs that D1 needs.',
      params: { requests: 149, needed: 150, of: 'jobs' },
    });
    const paused = { ...liveState, stageStartedAtMs: at(-7200), pausedAtMs: at(-1) };
    expect(only({ state: paused })).toEqual({
      code: 'paused',
      detail: 'The rollout is paused: resume it first.',
      params: {},
    });
    expect(only({ state: { ...liveState, stage: 'D3' } })?.detail).toBe(
      'D3 is the last stage of the plan: there is nothing to advance to.',
    );
    expect(only({ state: { ...liveState, latched: true } })?.detail).toBe(
      'The rollout was rolled back: re-arm it with a reason first; it then starts at the first stage.',
    );
  });

  it('of the system', () => {
    expect(only({ watchdogAlive: false, watchdogSilentSeconds: 90 })).toEqual({
      code: 'watchdog_silent',
      detail: 'The watchdog has not ticked for 1m 30s: nobody would roll back.',
      params: { seconds: 90 },
    });
    expect(only({ watchdogAlive: false })?.detail).toBe('The watchdog has never ticked: nobody would roll back.');
    expect(only({ unacknowledgedAlerts: 1 })).toEqual({
      code: 'alert_unacknowledged',
      detail: '1 alert must be acknowledged first.',
      params: { alerts: 1 },
    });
    expect(only({ unacknowledgedAlerts: 2 })?.detail).toBe('2 alerts must be acknowledged first.');
    expect(blockers({ providerFaults: { fal: 'no key', runware: '401' } })).toEqual([
      { code: 'provider_not_ok', detail: 'fal: no key', params: { provider: 'fal', error: 'no key' } },
      { code: 'provider_not_ok', detail: 'runware: 401', params: { provider: 'runware', error: '401' } },
    ]);
    expect(only({ policyFault: 'it is not JSON' })?.detail).toBe('The stored policy is not in use: it is not JSON');
    expect(only({ seenByAll: false })?.detail).toBe('Not every instance routes by the current weights yet.');
  });

  it('of a red line, by its own sentence', () => {
    const { lines } = decided(0, steady(-10, 0, 1, { failed: true }), { policy: oneLine('failure_rate') });
    expect(blockers({}, lines)).toMatchObject([
      { code: 'line_not_ok', params: { metric: 'failure_rate', verdict: 'breach' } },
    ]);
    expect(blockers({}, lines)[0]?.detail).toMatch(/^runware failure rate is 100 %/);
  });
});

describe('an arm that was rolled back and is to take traffic again', () => {
  const policy = { ...defaultPolicy, candidates: ['runware', 'x', 'y'] };
  const gone = { ...untouchedArm, latchedAtMs: at(-60) };
  const state = { ...liveState, stage: 'D3', arms: { runware: untouchedArm, x: gone, y: gone } };
  const codes = (facts: Partial<GateFacts>) =>
    rearmBlockers({ ...open, policy, state, ...facts }, 'x').map(({ code, params }) => [code, params.provider]);

  it('waits for nothing that is of the stage of the others', () =>
    expect(codes({ nowMs: at(-10), stageRequests: {} })).toEqual([]));

  it.each<[Partial<GateFacts>, string]>([
    [{ state: { ...state, pausedAtMs: at(-1) } }, 'paused'],
    [{ watchdogAlive: false }, 'watchdog_silent'],
    [{ unacknowledgedAlerts: 1 }, 'alert_unacknowledged'],
    [{ policyFault: 'not JSON' }, 'policy_invalid'],
    [{ seenByAll: false }, 'not_seen_by_all'],
  ])('with %o does not go: %s', (facts, code) => expect(codes(facts)).toEqual([[code, undefined]]));

  it('asks whether its own provider is well, and not that of another that stays out', () =>
    expect(codes({ providerFaults: { x: 'no key', y: 'no key' } })).toEqual([['provider_not_ok', 'x']]));
});

describe('an early warning', () => {
  const warning = { arm: 'runware', metric: 'failure_rate', sinceMs: at(-600), odds: 4012 } as const;

  it('closes the gate with a sentence and its numbers, one for each metric', () => {
    expect(blockers({}, [], [warning])).toEqual([
      {
        code: 'early_warning',
        detail:
          'runware fails more often than fal beyond chance since 2026-03-02 11:50 UTC (odds 4,000 : 1). No red line is crossed; look before you advance.',
        params: {
          ...{ metric: 'failure_rate', since: '2026-03-02T11:50:00.000Z', odds: 4012 },
          ...{ baseline: 'fal', candidate: 'runware' },
        },
      },
    ]);
    const both = [warning, { ...warning, metric: 'p95_latency_ms', odds: 1e26 } as const];
    expect(blockers({}, [], both)[1]?.detail).toMatch(/^runware is slower than fal .*more than a trillion : 1/);
  });

  it('names the lines that are crossed meanwhile', () => {
    const { lines } = decided(0, steady(-10, 0, 1, { failed: true }), { policy: oneLine('failure_rate') });
    const [, last] = blockers({}, lines, [warning]);
    expect(last?.detail).toContain('Over its red line now: failure rate; look before you advance.');
  });

  it('keeps automation from advancing, and rolls nothing back', () => {
    const rows = (provider: string) => [
      ...steady(-3600, 0, 1, { provider, costUsd: 0.05 }),
      ...steady(-3600, 0, 1, { provider, kind: 'generated' }),
    ];
    const well = [...rows('fal'), ...rows('runware')];
    const worse = [...well, ...steady(-3600, 0, 60, { failed: true })];
    const { state: _state, policy: _policy, nowMs: _nowMs, ...gate } = open;
    const policy = { ...defaultPolicy, autoAdvance: true };
    const facts = { policy, gate, warning: { sinceMs: at(-3600), quartilesMs: null } };
    expect(decided(0, well, facts)).toMatchObject({ action: { kind: 'advance', to: 'D2' }, warnings: [] });
    const decision = decided(0, worse, facts);
    expect(decision).toMatchObject({ action: { kind: 'none' }, warnings: [{ metric: 'failure_rate' }] });
    expect(decision.lines.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});

describe('before the first stage', () => {
  const state = { ...liveState, stage: 'baseline', weights: { fal: 1, runware: 0 }, stageStartedAtMs: at(-10) };

  it.each(['breach', 'held', 'shared_cause', 'blind'] as const)('a line that is %s refuses', (verdict) => {
    const [line] = decided(0, [], { policy: oneLine('failure_rate') }).lines;
    if (!line) throw new Error('no line');
    expect(blockers({ state, stageRequests: { runware: 0 } }, [{ ...line, verdict }])).toHaveLength(1);
    expect(blockers({ state, stageRequests: { runware: 0 } }, [{ ...line, verdict: 'insufficient' }])).toEqual([]);
    expect(blockers({}, [{ ...line, verdict: 'insufficient' }])).toHaveLength(1);
  });

  it('no time and no requests are asked for', () => {
    expect(blockers({ state, stageRequests: { runware: 0 } })).toEqual([]);
    expect(advanceTarget(state, defaultPolicy)?.name).toBe('D1');
    expect(observation(state, defaultPolicy, at(0))).toEqual({
      servedSeconds: 0,
      neededSeconds: null,
      eligibleAtMs: null,
    });
  });
});

describe('the order of the steps', () => {
  const to = (runware: number) => ({ fal: 1 - runware, runware });

  it('refuses more than the next stage gives, by as little as can be routed', () => {
    expect(stepOrderBlocker(liveState, defaultPolicy, to(0.5))).toBeNull();
    expect(stepOrderBlocker(liveState, defaultPolicy, to(0.5 + 5e-10))).toBeNull();
    expect(stepOrderBlocker(liveState, defaultPolicy, to(0.5 + 3e-9))?.code).toBe('step_order');
    expect(stepOrderBlocker(liveState, defaultPolicy, to(1))).toEqual({
      code: 'step_order',
      detail: 'D3 gives runware 1, but the next step after D1 is D2 with 0.5.',
      params: { from: 'D1', to: 'D3', next: 'D2' },
    });
    expect(stepOrderBlocker(liveState, defaultPolicy, to(0.7))?.params).toMatchObject({ to: 'these weights' });
    expect(stepOrderBlocker(liveState, defaultPolicy, to(0.05))).toBeNull();
    expect(stepOrderBlocker({ ...liveState, latched: true }, defaultPolicy, to(1))).toBeNull();
    const last = { ...liveState, stage: 'D3', weights: to(0.9) };
    expect(stepOrderBlocker(last, defaultPolicy, to(1))).toBeNull();
  });

  it('knows the plan’s names', () => {
    expect(stageOrderBlocker(liveState, defaultPolicy, 'D2')).toBeNull();
    expect(stageOrderBlocker(liveState, defaultPolicy, 'D3')).toEqual({
      code: 'step_order',
      detail: 'The step after D1 is D2, not D3.',
      params: { from: 'D1', to: 'D3', next: 'D2' },
    });
    expect(stageOrderBlocker({ ...liveState, stage: 'D3' }, defaultPolicy, 'X')).toEqual({
      code: 'step_order',
      detail: 'There is no stage "X" in the plan. The step after D3 is none.',
      params: { from: 'D3', to: 'X', next: null },
    });
  });

  it('obeys by hand what advancing obeys, and says the order first', () => {
    const codes = (facts: Partial<GateFacts>, runware: number) =>
      weightsBlockers({ ...open, ...facts }, { lines: [], warnings: [] }, to(runware)).map((each) => each.code);
    expect(codes({ stageRequests: { runware: 0 } }, 1)).toEqual(['step_order', 'too_few_requests']);
    expect(codes({ state: { ...liveState, latched: true } }, 1)).toEqual(['rolled_back']);
    expect(codes({ state: { ...liveState, stage: 'D3', weights: to(0.9) } }, 1)).toEqual(['last_stage']);
    expect(codes({ stageRequests: { runware: 0 } }, 0.1)).toEqual([]);
    expect(codes({ stageRequests: { runware: 0 } }, 0.11)).toEqual(['too_few_requests']);
  });
});

describe('a stage', () => {
  it('has an end or none', () => {
    expect(['D1', 'D2', 'D3', 'custom'].map((name) => isEndless(name, defaultPolicy))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect([stageNamed('D2', defaultPolicy)?.name, stageNamed('x', defaultPolicy)]).toEqual(['D2', null]);
  });

  it('raises the candidate when it gives it more', () => {
    expect(raisesCandidate({ runware: 0.1 }, { runware: 0.1 }, defaultPolicy)).toBe(false);
    expect(raisesCandidate({ runware: 0.1 }, { runware: 0.2 }, defaultPolicy)).toBe(true);
  });
});

describe('the state after a write', () => {
  const before = stateBefore(defaultPolicy);
  const write = (state: typeof before, runware: number, seconds: number) =>
    stateAfter(state, { fal: 1 - runware, runware }, defaultPolicy, at(seconds));

  it('before any is the baseline’s, with nothing running', () => {
    expect(before).toEqual({
      ...{ version: 0, weights: defaultPolicy.rollback, stage: 'baseline', latched: false, pausedSeconds: 0 },
      ...{ rolloutStartedAtMs: null, stageStartedAtMs: null, pausedAtMs: null, baselineCostUsd: null },
      arms: { runware: untouchedArm },
    });
  });

  it('forgets pauses and the frozen cost when a rollout begins, and only then the cost', () => {
    const paused = { ...write(before, 0.1, 0), pausedAtMs: at(5), pausedSeconds: 9, baselineCostUsd: 0.04 };
    const next = write(paused, 0.5, 60);
    expect(next).toMatchObject({ pausedAtMs: null, pausedSeconds: 0, baselineCostUsd: 0.04, version: 2 });
    const again = write(write(next, 0, 90), 0.1, 120);
    expect(again).toMatchObject({ baselineCostUsd: null, rolloutStartedAtMs: at(120), version: 4 });
  });

  it('stays latched at rest, and is not latched by a candidate that never was live', () => {
    const back = write(write(before, 0.1, 0), 0, 60);
    expect(back).toMatchObject({ latched: true, stage: 'rolled_back' });
    const rest = { ...before, weights: { fal: 0.5, third: 0.5 }, stage: 'custom' };
    expect(write(rest, 0, 9)).toMatchObject({ latched: false, stage: 'baseline' });
    expect(stateAfter(back, { fal: 0.9, third: 0.1 }, defaultPolicy, at(90)).latched).toBe(true);
    expect(write(back, 0.2, 90)).toMatchObject({ latched: false, stage: 'custom' });
  });
});
