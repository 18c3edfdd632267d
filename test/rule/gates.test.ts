import { describe, expect, it } from 'vitest';
import { checklist } from '@/lib/rule/checklist';
import { decide } from '@/lib/rule/decide';
import { advanceBlockers, type GateFacts, stageOrderBlocker, weightsBlockers } from '@/lib/rule/gates';
import { observation } from '@/lib/split/observation';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { nextStage, stageOf } from '@/lib/split/stages';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { at, decided, liveState, type SceneFacts, splitFacts, steady } from './scene';

const healthy = [...steady(-7200, 0, 5, { costUsd: 0.05 }), ...steady(-7200, 0, 5, { kind: 'generated' })];
const ok = decided(0, healthy);
const open: GateFacts = {
  state: liveState,
  policy: defaultPolicy,
  nowMs: at(0),
  stageRequests: { runware: 150 },
  watchdogAlive: true,
  watchdogSilentSeconds: null,
  unacknowledgedAlerts: 0,
  providerFaults: { fal: null, runware: null },
  policyFault: null,
  seenByAll: true,
};
const codes = (facts: Partial<GateFacts>, judged = ok) =>
  advanceBlockers({ ...open, ...facts }, judged).map((each) => each.code);

describe('stages', () => {
  it('are their weights', () => {
    expect(stageOf({ fal: 0.9, runware: 0.1 }, defaultPolicy, [])).toBe('D1');
    expect(stageOf({ runware: 1 }, defaultPolicy, [])).toBe('D3');
    expect(stageOf({ fal: 0.8, runware: 0.2 }, defaultPolicy, [])).toBe('custom');
    expect(stageOf({ fal: 1, runware: 0 }, defaultPolicy, [])).toBe('baseline');
    expect(stageOf({ fal: 1, runware: 0 }, defaultPolicy, ['runware'])).toBe('rolled_back');
  });

  it('follow each other', () => {
    expect(
      ['baseline', 'custom', 'rolled_back', 'D1', 'D2'].map((name) => nextStage(name, defaultPolicy)?.name),
    ).toEqual(['D1', 'D1', 'D1', 'D2', 'D3']);
    expect(nextStage('D3', defaultPolicy)).toBeNull();
  });
});

describe('the state after a write', () => {
  const d1 = stateAfter(stateBefore(defaultPolicy), { fal: 0.9, runware: 0.1 }, defaultPolicy, at(0));

  it('starts the clocks when the candidate leaves 0, and keeps the rollout’s when it moves on', () => {
    expect(d1).toMatchObject({ stage: 'D1', rolloutStartedAtMs: at(0), stageStartedAtMs: at(0), latched: false });
    const d2 = stateAfter(d1, { fal: 0.5, runware: 0.5 }, defaultPolicy, at(60));
    expect(d2).toMatchObject({ stage: 'D2', rolloutStartedAtMs: at(0), stageStartedAtMs: at(60) });
  });

  it('moves no clock for equal weights, but the version', () => {
    expect(stateAfter(d1, { runware: 0.1, fal: 0.9 }, defaultPolicy, at(60))).toEqual({
      ...d1,
      version: d1.version + 1,
    });
  });

  it('latches on the way down and lets raised weights break the glass', () => {
    const back = stateAfter(d1, { fal: 1, runware: 0 }, defaultPolicy, at(60));
    expect(back).toMatchObject({ stage: 'rolled_back', latched: true });
    expect(stateAfter(back, { fal: 0.9, runware: 0.1 }, defaultPolicy, at(90))).toMatchObject({
      stage: 'D1',
      latched: false,
      rolloutStartedAtMs: at(90),
    });
  });
});

describe('observation', () => {
  it.each([
    [{}, 3600, at(0)],
    [{ pausedSeconds: 600 }, 3000, at(600)],
    [{ pausedAtMs: at(-1200) }, 2400, null],
    [{ pausedAtMs: at(-1200), pausedSeconds: 600 }, 1800, null],
  ])('with %o has served %d s', (change, servedSeconds, eligibleAtMs) => {
    expect(observation({ ...liveState, ...change }, defaultPolicy, at(0))).toEqual({
      servedSeconds,
      neededSeconds: 3600,
      eligibleAtMs,
    });
  });
});

describe('the gates of advancing', () => {
  it('are open when everything is well', () => expect(codes({})).toEqual([]));

  it.each<[Partial<GateFacts>, string]>([
    [{ nowMs: at(-10) }, 'time_not_served'],
    [{ stageRequests: { runware: 149 } }, 'too_few_requests'],
    [{ watchdogAlive: false, watchdogSilentSeconds: 90 }, 'watchdog_silent'],
    [{ unacknowledgedAlerts: 1 }, 'alert_unacknowledged'],
    [{ providerFaults: { runware: '401 from the probe' } }, 'provider_not_ok'],
    [{ policyFault: 'not JSON' }, 'policy_invalid'],
    [{ seenByAll: false }, 'not_seen_by_all'],
    [{ state: { ...liveState, latched: true, stage: 'rolled_back' } }, 'rolled_back'],
    [{ state: { ...liveState, stage: 'D3' } }, 'last_stage'],
  ])('%o closes %s', (facts, code) => expect(codes(facts)).toEqual([code]));

  it('close before a stage without the arm that alone can be told much of the traffic', () => {
    const d2 = { ...liveState, weights: { fal: 0.5, runware: 0.5 }, stage: 'D2', stageStartedAtMs: at(-4 * 3600) };
    expect(codes({ state: d2, pinned: { fal: 0.06 } })).toEqual(['pinned_traffic']);
    expect(codes({ state: d2, pinned: { fal: 0.05, runware: 0.5 } })).toEqual([]);
    expect(codes({ pinned: { fal: 0.06 } })).toEqual([]);
    const policy = { ...defaultPolicy, maxPinned: 0 };
    const [blocker] = advanceBlockers({ ...open, policy, state: d2, pinned: { fal: 0.061 } }, ok);
    expect(blocker?.detail).toBe(
      "6.1 % of the last hour's requests can be told to fal alone, which D3 gives nothing: at most 0 % may be so.",
    );
  });

  it('close on a pause and on every line that is not ok', () => {
    expect(codes({ state: { ...liveState, stageStartedAtMs: at(-7200), pausedAtMs: at(-10) } })).toEqual(['paused']);
    expect(codes({}, decided(0, steady(-7200, 0, 5)))).toEqual(['line_not_ok', 'line_not_ok']);
  });

  it('ask nothing of a candidate that has had no traffic yet', () => {
    const state = {
      ...liveState,
      weights: { fal: 1, runware: 0 },
      stage: 'baseline',
      rolloutStartedAtMs: null,
      stageStartedAtMs: null,
    };
    expect(codes({ state, stageRequests: { runware: 0 } }, decided(0, [], { state }))).toEqual([]);
  });

  it('refuse D1 → D3 and obey the same gates by hand', () => {
    expect(stageOrderBlocker(liveState, defaultPolicy, 'D3')?.code).toBe('step_order');
    expect(stageOrderBlocker(liveState, defaultPolicy, 'D2')).toBeNull();
    const by = (runware: number, facts: Partial<GateFacts> = {}) =>
      weightsBlockers({ ...open, ...facts }, ok, { fal: 1 - runware, runware }).map((each) => each.code);
    expect(by(1)).toEqual(['step_order']);
    expect(by(0.5)).toEqual([]);
    expect(by(0.5, { stageRequests: { runware: 3 } })).toEqual(['too_few_requests']);
    expect(by(0, { stageRequests: { runware: 3 }, watchdogAlive: false })).toEqual([]);
  });
});

describe('autoAdvance', () => {
  const gate = {
    stageRequests: { runware: 150 },
    watchdogAlive: true,
    watchdogSilentSeconds: null,
    unacknowledgedAlerts: 0,
    providerFaults: {},
    policyFault: null,
    seenByAll: true,
  };
  const facts = (autoAdvance: boolean, more: SceneFacts = {}) =>
    splitFacts(0, healthy, { policy: { ...defaultPolicy, autoAdvance }, gate, ...more });

  it('promotes only when the policy says so and every gate is open', () => {
    expect(decide(facts(true)).action).toEqual({ kind: 'advance', to: 'D2' });
    expect(decide(facts(false)).action).toEqual({ kind: 'none' });
    expect(decide({ ...facts(true), gate: { ...gate, stageRequests: { runware: 1 } } }).action).toEqual({
      kind: 'none',
    });
    expect(decide(facts(true, { blind: true })).action).toEqual({ kind: 'none' });
  });

  it('never begins a rollout', () => {
    const state = { ...liveState, weights: { fal: 1, runware: 0 }, stage: 'baseline' };
    expect(decide({ ...facts(true), state }).action).toEqual({ kind: 'none' });
  });
});

describe('the checklist', () => {
  const after = { baselineFailureRate: 0.004, failureKinds: { runware: { timeout: 3, rate_limited: 9 } } };

  it('ticks every line of the plan', () => {
    const items = checklist(open, decided(0, healthy), 0, after);
    expect(items.map((item) => item.state)).toEqual(Array(9).fill('ok'));
    expect(checklist(open, null, 2, after).map((item) => item.state)).toContain('waiting');
  });

  it('turns to recovery after a rollback', () => {
    const state = { ...liveState, latched: true, stage: 'rolled_back', weights: { fal: 1, runware: 0 } };
    const items = checklist({ ...open, state }, null, 1, after);
    expect(items.map((item) => item.id)).toEqual([
      'weights_written',
      'seen_by_all',
      'baseline_recovering',
      'failures_grouped',
      'rearm',
    ]);
    expect(items[3]?.detail).toBe('runware: rate_limited 9, timeout 3.');
  });
});
