import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historySinceMs, plainBasis } from '@/lib/rule/buckets/history';
import { Histories } from '@/lib/rule/buckets/history-of-buckets';
import { checklist } from '@/lib/rule/checklist';
import { decide } from '@/lib/rule/decide';
import { explain } from '@/lib/rule/explain';
import { type ArmFacts, type Facts, nothingBeside } from '@/lib/rule/facts';
import { firstLook } from '@/lib/rule/first-look';
import { advanceBlockers, type GateFacts, weightsBlockers } from '@/lib/rule/gates';
import { defaultPolicy, type Policy, policyFor } from '@/lib/split/policy/policy';
import { judgedArms, standingOf } from '@/lib/split/stages';
import { type ArmState, untouchedArm } from '@/lib/split/state';
import { historyOf } from '../support/histories';
import { at, bucketsOf, liveState, type SceneEvent, steady } from './scene';

const stages = [
  { name: 'D1', weights: { base: 0.7, x: 0.1, y: 0.1, z: 0.1 }, observeSeconds: 3600 },
  { name: 'D2', weights: { base: 0.25, x: 0.25, y: 0.25, z: 0.25 }, observeSeconds: null },
];
const policy: Policy = {
  ...defaultPolicy,
  baseline: 'base',
  candidates: ['x', 'y', 'z'],
  stages,
  rollback: { base: 1, x: 0, y: 0, z: 0 },
  redLines: defaultPolicy.redLines.filter(({ metric }) => metric === 'failure_rate'),
};
const began: ArmState = { ...untouchedArm, rolloutStartedAtMs: at(-3600) };
const state: Facts['state'] = {
  ...liveState,
  weights: { base: 0.7, x: 0.1, y: 0.1, z: 0.1 },
  arms: { x: began, y: began, z: began },
};
const latched = (arm: string, share = 0): Facts['state'] => ({
  ...state,
  weights: { ...state.weights, base: 0.8, [arm]: share },
  arms: { ...state.arms, [arm]: { ...began, latchedAtMs: at(-1200) } },
});

/** The scene of one provider; healthy unless it says otherwise. */
const of = (provider: string, event: Partial<SceneEvent> = {}, since = -3600): SceneEvent[] =>
  [...steady(-3600, 0, 2)].map((each) => ({ ...each, provider, ...(each.atSeconds > since ? event : {}) }));
const wrong = { failed: true };

function factsOf(events: readonly SceneEvent[], more: Partial<Facts> = {}, own: Partial<ArmFacts> = {}): Facts {
  const judgedBy = more.policy ?? policy;
  const histories = new Histories(bucketsOf(events), judgedBy, historySinceMs(judgedBy, at(0)), at(0));
  const armOf = (arm: string) => [arm, { ...nothingBeside, history: histories.of(arm, plainBasis), ...own }] as const;
  return {
    state,
    policy,
    policyVersion: 3,
    arms: Object.fromEntries(judgedBy.candidates.map(armOf)),
    weightsChangedAtMs: [],
    nowMs: at(0),
    baseline: { configured: true, probeOk: true },
    environmentCostUsd: null,
    lastTickMs: null,
    gate: null,
    ...more,
  };
}
const everyone = [...of('base'), ...of('y'), ...of('z')];

describe('several candidates', () => {
  it('are judged one by one: a sick one goes alone, and the others have their own verdicts', () => {
    const { action, lines } = decide(factsOf([...everyone, ...of('x', wrong, -600)]));
    expect(action).toMatchObject({ kind: 'rollback', arms: ['x'], line: { arm: 'x', metric: 'failure_rate' } });
    expect(lines.map(({ arm, verdict }) => [arm, verdict])).toEqual([
      ['x', 'held'],
      ['y', 'ok'],
      ['z', 'ok'],
    ]);
    expect(lines.map((line) => explain(line, policy).split(' ')[0])).toEqual(['x', 'y', 'z']);
  });

  it('go together where two are sick at the same instant, with the lines of both', () => {
    const events = [...of('base'), ...of('x', wrong, -600), ...of('y'), ...of('z', wrong, -600)];
    const { action } = decide(factsOf(events));
    expect(action).toMatchObject({ kind: 'rollback', arms: ['x', 'z'], line: { arm: 'x' } });
    expect(action.kind === 'rollback' && action.lines.map(({ arm }) => arm)).toEqual(['x', 'z']);
  });

  it('share the chance of an error, also with one that is gone meanwhile, and with none that began before', () => {
    const thresholds = (given: Facts['state']) =>
      decide(factsOf([...everyone, ...of('x', wrong, -200)], { state: given })).lines.map(({ evidence }) => evidence);
    expect(thresholds(state)[0]).toMatchObject({ threshold: 1e-4 / 3, lineThreshold: 1e-3 });
    expect(thresholds(latched('z'))[0]).toMatchObject({ threshold: 1e-4 / 3 });
    const old = { ...untouchedArm, rolloutStartedAtMs: at(-90_000), latchedAtMs: at(-80_000) };
    const two = { ...state, weights: { base: 0.8, x: 0.1, y: 0.1, z: 0 }, arms: { ...state.arms, z: old } };
    expect(thresholds(two)[0]).toMatchObject({ threshold: 1e-4 / 2 });
  });

  it('begin each at its own time', () => {
    // Sick until ten minutes ago; it was re-armed after that.
    const events = [...everyone, ...of('x', wrong).map((each) => ({ ...each, failed: each.atSeconds < -600 }))];
    const rearmed = { ...state, arms: { ...state.arms, x: { ...began, rolloutStartedAtMs: at(-600) } } };
    expect(decide(factsOf(events, { state: rearmed })).lines[0]).toMatchObject({ verdict: 'ok', value: 0 });
    const { action } = decide(factsOf([...everyone, ...of('x', wrong)], { state: rearmed }));
    expect(action).toMatchObject({ arms: ['x'], line: { evidence: { horizonSeconds: 600 } } });
  });

  it('are not judged once they were rolled back alone, and all are while nothing is routed to any', () => {
    expect(judgedArms({ state: latched('x'), policy })).toEqual(['y', 'z']);
    expect(judgedArms({ state: latched('x', 0.05), policy })).toEqual(['y', 'z']);
    const events = [...everyone, ...of('x', wrong)];
    expect(decide(factsOf(events, { state: latched('x') })).lines.map(({ arm }) => arm)).toEqual(['y', 'z']);
    const none = { ...latched('x'), weights: { base: 1 }, latched: true };
    expect(judgedArms({ state: none, policy })).toEqual(['x', 'y', 'z']);
    const later = { ...state, weights: { base: 0.8, x: 0.1, y: 0.1, z: 0 } };
    expect(judgedArms({ state: later, policy })).toEqual(['x', 'y']);
  });

  it('are not rolled back again, each by itself as little as with the others', () => {
    const out = latched('x');
    const none = { ...out, weights: { base: 1, x: 0, y: 0, z: 0 } };
    expect(standingOf({ state: out, policy }, 'x')).toMatchObject({ latched: true, among: 3 });
    expect(standingOf({ state: out, policy }, 'y')).toMatchObject({ latched: false });
    expect(standingOf({ state: { ...state, latched: true }, policy }, 'y')).toMatchObject({ latched: true });
    const { action, lines } = decide(factsOf([...everyone, ...of('x', wrong)], { state: none }));
    expect(lines.map(({ arm }) => arm)).toEqual(['x', 'y', 'z']);
    expect(action).toEqual({ kind: 'none' });
  });

  it('stand where the row does where there is one', () => {
    const one: Policy = { ...policy, candidates: ['x'] };
    const stale: ArmState = { ...began, rolloutStartedAtMs: at(-90_000), latchedAtMs: at(-80_000) };
    const standing = standingOf({ state: { ...state, arms: { x: stale } }, policy: one }, 'x');
    expect(standing).toMatchObject({ startedAtMs: state.rolloutStartedAtMs, latched: false, among: 1 });
    const gone = standingOf({ state: { ...state, latched: true, arms: {} }, policy: one }, 'x');
    expect(gone).toMatchObject({ startedAtMs: state.rolloutStartedAtMs, latched: true, among: 1 });
    // Of several none of which has begun, chance is divided by one.
    expect(standingOf({ state: { ...state, arms: {} }, policy }, 'x')).toMatchObject({ startedAtMs: null, among: 1 });
  });

  it('have their own shared cause: the one that is worse than the sick baseline goes', () => {
    const some = (n: number) => (each: SceneEvent, i: number) => ({
      ...each,
      failed: each.atSeconds > -900 && i % n === 0,
    });
    const events = [of('base').map(some(8)), of('x').map(some(2)), of('y').map(some(8)), of('z')].flat();
    const { action, lines } = decide(factsOf(events));
    expect(lines.map(({ verdict }) => verdict)).toEqual(['held', 'shared_cause', 'ok']);
    expect(action).toMatchObject({ kind: 'rollback', arms: ['x'] });
  });

  it('miss holds each for itself', () => {
    const missed = decide(
      factsOf([...everyone, ...of('x').map((each) => ({ ...each, failed: Math.abs(each.atSeconds + 1800) < 400 }))], {
        lastTickMs: at(-2400),
      }),
    ).missed;
    expect(missed.map(({ arm, metric }) => [arm, metric])).toEqual([['x', 'failure_rate']]);
  });

  it('are warned of each by three times the odds, and asked for each in the raw log', () => {
    const warning = { sinceMs: at(-3600), quartilesMs: null };
    const often = (n: number) => (each: SceneEvent, i: number) => ({ ...each, failed: i % n === 0 });
    const events = [...of('base').map(often(400)), ...of('x').map(often(15)), ...of('y').map(often(400)), ...of('z')];
    const facts = factsOf(events, {}, { warning });
    const { decision, needsUsers } = firstLook(facts);
    expect(decision.warnings.map(({ arm }) => arm)).toEqual(['x']);
    expect(decision.warnings[0]?.odds).toBeGreaterThanOrEqual(6000);
    expect(needsUsers).toEqual(['x']);
    const sick = firstLook(factsOf([...everyone, ...of('x', wrong, -600)]));
    expect([...new Set(sick.spans.map(({ arm }) => arm))]).toEqual(['x']);
  });

  it('cannot be judged without what is known of them', () => {
    const { arms, ...facts } = factsOf(everyone);
    expect(() => decide({ ...facts, arms: { x: arms.x as ArmFacts } })).toThrow('Nothing is known of y');
  });

  it('have the histories that each would have alone, and share the baseline’s', () => {
    const buckets = bucketsOf([...everyone, ...of('x', wrong, -600), ...of('x', { kind: 'voucher', costUsd: 0.05 })]);
    const basis = { ...plainBasis, floorMs: at(-1800), quartilesMs: [1500, 2000, 3000] as const };
    const histories = new Histories(buckets, policy, at(-7200), at(0));
    for (const arm of policy.candidates) {
      const { bins, ...alone } = historyOf(buckets, policyFor(policy, arm), at(-7200), at(0), basis);
      const { bins: together, ...mine } = histories.of(arm, basis);
      expect(mine).toEqual(alone);
      for (const role of ['candidate', 'baseline', 'everyone'] as const)
        expect(together(role, 0, 1e12)).toEqual(bins(role, 0, 1e12));
    }
    expect(histories.of('x', basis).baseline).toBe(histories.of('y', basis).baseline);
    expect(histories.of('x', plainBasis).baseline).not.toBe(histories.of('y', basis).baseline);
  });
});

describe('the gates of several candidates', () => {
  const gates: GateFacts = {
    ...{ state, policy, nowMs: at(0), stageRequests: { x: 200, y: 149, z: 150 }, watchdogAlive: true },
    ...{ watchdogSilentSeconds: null, unacknowledgedAlerts: 0, providerFaults: {}, policyFault: null, seenByAll: true },
  };
  const judged = (events: readonly SceneEvent[], given = state) => decide(factsOf(events, { state: given }));

  it('are each candidate’s, and name it', () => {
    const events = [...everyone, ...of('x', wrong, -200)];
    expect(advanceBlockers(gates, judged(events))).toMatchObject([
      { code: 'too_few_requests', detail: expect.stringMatching(/^y served 149 of/), params: { arm: 'y' } },
      { code: 'line_not_ok', detail: expect.stringMatching(/^x failure rate/), params: { arm: 'x' } },
    ]);
  });

  it('ask nothing of one that was rolled back alone, and do not let it back in by a write of weights', () => {
    const alone = latched('x');
    const closed = { ...gates, state: alone, stageRequests: { y: 150, z: 150 }, providerFaults: { x: 'has no key' } };
    expect(advanceBlockers(closed, judged(everyone, alone))).toEqual([]);
    const back = { base: 0.7, x: 0.1, y: 0.1, z: 0.1 };
    expect(weightsBlockers(closed, judged(everyone, alone), back)).toMatchObject([
      { code: 'rolled_back', detail: expect.stringMatching(/^x was rolled back: re-arm it/), params: { arm: 'x' } },
    ]);
    expect(weightsBlockers(closed, judged(everyone, alone), { ...back, x: 0, y: 0.2 })).toMatchObject([]);
  });

  it('advance by themselves only where all of them are open', () => {
    const { state: _, policy: __, nowMs: ___, ...gate } = gates;
    const auto = { ...policy, autoAdvance: true };
    const action = (stageRequests: GateFacts['stageRequests'], own: Partial<ArmFacts> = {}) => {
      const events = [...everyone, ...of('x')];
      return decide(factsOf(events, { policy: auto, gate: { ...gate, stageRequests } }, own)).action;
    };
    expect(action({ x: 150, y: 150, z: 150 })).toEqual({ kind: 'advance', to: 'D2' });
    expect(action({ x: 150, y: 150, z: 149 })).toEqual({ kind: 'none' });
    expect(action({ x: 150, y: 150, z: 150 }, { blind: true })).toEqual({ kind: 'none' });
  });

  it('stand in the checklist line by line, with what was rolled back alone', () => {
    const after = { baselineFailureRate: null, failureKinds: {} };
    const items = checklist(gates, judged([...everyone, ...of('x')]), 1, after);
    const lines = items.filter(({ id }) => id === 'failure_rate');
    expect(lines.map(({ arm, state: said }) => [arm, said])).toEqual([
      ['x', 'ok'],
      ['y', 'waiting'],
      ['z', 'ok'],
    ]);
    expect(items[2]?.detail).toBe('base, x, y and z answer their authenticated probes.');
    const alone = checklist({ ...gates, state: latched('x') }, judged(everyone, latched('x')), 1, after);
    expect(alone.find(({ id }) => id === 'rearm')).toMatchObject({ arm: 'x', state: 'waiting' });
    expect(alone[2]?.detail).toBe('base, y and z answer their authenticated probes.');
    const all = { ...state, latched: true, stage: 'rolled_back' };
    const failureKinds = { x: { timeout: 3, rate_limited: 9 }, y: {}, z: { auth: 1 } };
    const [grouped] = checklist({ ...gates, state: all }, null, 1, { baselineFailureRate: 0, failureKinds }).slice(3);
    expect(grouped?.detail).toBe('x: rate_limited 9, timeout 3. z: auth 1.');
  });
});

describe('whatever the others do', () => {
  it('moves no verdict of a candidate, and brings none of them back', () => {
    const kind = fc.constantFrom({}, wrong, { latencyMs: 9000 });
    fc.assert(
      fc.property(fc.array(kind, { minLength: 6, maxLength: 6 }), ([base, x, y, z, otherY, otherZ]) => {
        const scene = (theirs: readonly (Partial<SceneEvent> | undefined)[]) =>
          ['base', 'x', 'y', 'z'].flatMap((arm, i) => of(arm, theirs[i], -900).filter((_, n) => n % 5 === 0));
        const lineOf = (events: readonly SceneEvent[]) => decide(factsOf(events)).lines.find(({ arm }) => arm === 'x');
        expect(lineOf(scene([base, x, otherY, otherZ]))).toEqual(lineOf(scene([base, x, y, z])));
      }),
      { numRuns: 20 },
    );
  });
});
