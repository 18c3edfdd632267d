import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import {
  afterRollbackOf,
  atRest,
  laggingArms,
  latchedArms,
  nextStep,
  rearmedWeights,
  stageOf,
  stageWeights,
  withoutArms,
} from '@/lib/split/stages';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { shareOf, type Weights } from '@/lib/split/weights';
import { plans } from '@/test/fakes/plans';

const stage = (name: string, x: number, y: number) => ({
  name,
  weights: { base: Number((1 - x - y).toFixed(9)), x, y },
  observeSeconds: 3600,
});
const policy: Policy = {
  ...defaultPolicy,
  baseline: 'base',
  candidates: ['x', 'y'],
  stages: [stage('D1', 0.1, 0.1), stage('D2', 0.3, 0.2), stage('D3', 0.5, 0.5)],
  rollback: { base: 1, x: 0, y: 0 },
};

describe('the stage of several candidates', () => {
  it.each<[Weights, string[], string]>([
    [{ base: 0.8, x: 0.1, y: 0.1 }, [], 'D1'],
    [{ base: 0.9, x: 0.1, y: 0 }, ['y'], 'D1'],
    [{ base: 0.9, x: 0.1, y: 0 }, [], 'custom'],
    [{ base: 0.7, x: 0.3, y: 0 }, ['y'], 'D2'],
    [{ base: 0.6, x: 0.3, y: 0.1 }, [], 'D2'],
    [{ base: 0.7, x: 0.1, y: 0.2 }, [], 'D2'],
    [{ base: 0.65, x: 0.15, y: 0.2 }, [], 'custom'],
    [{ base: 1, x: 0, y: 0 }, [], 'baseline'],
    [{ base: 1, x: 0, y: 0 }, ['x', 'y'], 'rolled_back'],
    [{ base: 0.8, x: 0.1, y: 0.1 }, ['x', 'y'], 'D1'],
  ])('%j without %j is %s', (weights, latched, expected) => expect(stageOf(weights, policy, latched)).toBe(expected));

  it('says who is missing and who lags, and leads to the same stage in full before the next', () => {
    const missing = { base: 0.7, x: 0.3, y: 0 };
    expect(withoutArms(missing, policy, ['y'])).toEqual(['y']);
    expect(laggingArms(missing, policy, ['y'])).toEqual([]);
    expect(nextStep({ stage: 'D2', weights: missing }, policy, ['y'])).toMatchObject({
      name: 'D3',
      weights: { base: 0.5, x: 0.5, y: 0 },
    });
    const rearmed = rearmedWeights(missing, policy, 'y') as Weights;
    expect(rearmed).toEqual({ base: 0.6, x: 0.3, y: 0.1 });
    expect(laggingArms(rearmed, policy, [])).toEqual(['y']);
    expect(nextStep({ stage: 'D2', weights: rearmed }, policy, [])).toMatchObject({
      name: 'D2',
      weights: { base: 0.5, x: 0.3, y: 0.2 },
    });
  });

  it('takes a re-armed arm’s share from the baseline, and says where it has too little', () => {
    expect(rearmedWeights({ base: 0.05, x: 0.95, y: 0 }, policy, 'y')).toBe(
      'y begins again with 10 %, its share at D1, and base has only 5 % to give; lower another arm first',
    );
    expect(rearmedWeights({ base: 1, x: 0, y: 0 }, policy, 'z')).toBe(
      'z is no candidate of this split; its candidates are: x, y',
    );
  });

  it('gives the share of a latched arm to the baseline at every stage', () => {
    expect(policy.stages.map((each) => stageWeights(each, policy, ['x']).base)).toEqual([0.9, 0.8, 0.5]);
  });

  it('of one candidate rolls the whole split back', () => {
    const weights = { fal: 0.4, runware: 0.1, third: 0.5 };
    expect(afterRollbackOf(weights, defaultPolicy, ['runware'])).toBe(defaultPolicy.rollback);
    expect(withoutArms({ fal: 1, runware: 0 }, defaultPolicy, ['runware'])).toEqual([]);
  });
});

describe('the state of several candidates', () => {
  const write = (state: ReturnType<typeof stateBefore>, weights: Weights, atMs: number) =>
    stateAfter(state, weights, policy, atMs);
  const d2 = write(write(stateBefore(policy), policy.stages[0]?.weights ?? {}, 1), policy.stages[1]?.weights ?? {}, 2);

  it('latches one that falls alone, and the others’ clocks go on', () => {
    const after = write(d2, afterRollbackOf(d2.weights, policy, ['x']), 3);
    expect(after).toMatchObject({ stage: 'D2', latched: false, stageStartedAtMs: 2, rolloutStartedAtMs: 1 });
    expect(after.arms).toMatchObject({ x: { latchedAtMs: 3, rolloutStartedAtMs: 1 }, y: { latchedAtMs: null } });
    const none = write(after, afterRollbackOf(after.weights, policy, ['y']), 4);
    expect(none).toMatchObject({
      stage: 'rolled_back',
      latched: true,
      arms: { x: { latchedAtMs: 3 }, y: { latchedAtMs: 4 } },
    });
  });

  it('re-arms one that gets a share again, from then on, and begins the stage’s clock anew', () => {
    const without = write(d2, afterRollbackOf(d2.weights, policy, ['x']), 3);
    const after = write(without, rearmedWeights(without.weights, policy, 'x') as Weights, 5);
    expect(after).toMatchObject({ stage: 'D2', stageStartedAtMs: 5, rolloutStartedAtMs: 1 });
    expect(after.arms.x).toMatchObject({ latchedAtMs: null, rolloutStartedAtMs: 5 });
  });

  it('does not latch one that the plan itself puts down', () => {
    const late = { ...policy, stages: [stage('D1', 0.1, 0), stage('D2', 0.1, 0.1)] };
    const at = (state: ReturnType<typeof stateBefore>, i: number, ms: number) =>
      stateAfter(state, late.stages[i]?.weights ?? {}, late, ms);
    const back = at(at(at(stateBefore(late), 0, 1), 1, 2), 0, 3);
    expect(back).toMatchObject({ stage: 'D1', arms: { y: { latchedAtMs: null } } });
  });

  it('keeps a pause over the fall of one, and ends it with the stage, also where one falls on the way', () => {
    const paused = { ...d2, pausedAtMs: 2, pausedSeconds: 7 };
    const without = afterRollbackOf(d2.weights, policy, ['x']);
    expect(write(paused, without, 3)).toMatchObject({ stage: 'D2', pausedAtMs: 2, pausedSeconds: 7 });
    const on = write(paused, { base: 0.5, x: 0, y: 0.5 }, 3);
    expect(on).toMatchObject({ stage: 'D3', stageStartedAtMs: 3, pausedAtMs: null, pausedSeconds: 0 });
    expect(on.arms).toMatchObject({ x: { latchedAtMs: 3 }, y: { latchedAtMs: null } });
  });

  it('takes a step back for one also where another is out', () => {
    const of = (name: string, x: number, y: number, z: number) => {
      const weights = { base: Number((1 - x - y - z).toFixed(9)), x, y, z };
      return { name, weights, observeSeconds: 3600 };
    };
    const stages = [of('D1', 0.1, 0, 0.1), of('D2', 0.1, 0.1, 0.1)];
    const rollback = { base: 1, x: 0, y: 0, z: 0 };
    const three: Policy = { ...policy, candidates: ['x', 'y', 'z'], stages, rollback };
    const [d1 = rollback, both = rollback] = stages.map(({ weights }) => weights);
    const all = stateAfter(stateAfter(stateBefore(three), d1, three, 1), both, three, 2);
    const out = stateAfter(all, afterRollbackOf(both, three, ['z']), three, 3);
    const back = stateAfter(out, afterRollbackOf(d1, three, ['z']), three, 4);
    expect(back).toMatchObject({ stage: 'D1', arms: { y: { latchedAtMs: null }, z: { latchedAtMs: 3 } } });
  });

  it('begins one anew that is re-armed from the share that a rollback leaves it', () => {
    const left = { ...policy, rollback: { base: 0.9, x: 0.05, y: 0.05 } };
    const out = stateAfter(d2, afterRollbackOf(d2.weights, left, ['x']), left, 3);
    expect(out).toMatchObject({ weights: { x: 0.05 }, arms: { x: { latchedAtMs: 3, rolloutStartedAtMs: 1 } } });
    const back = stateAfter(out, rearmedWeights(out.weights, left, 'x') as Weights, left, 4);
    expect(back.arms).toMatchObject({ x: { latchedAtMs: null, rolloutStartedAtMs: 4 }, y: { rolloutStartedAtMs: 1 } });
  });

  it('keeps when an only candidate was rolled back, whatever is written at rest', () => {
    const only = (state: typeof d2, weights: Weights, ms: number) => stateAfter(state, weights, defaultPolicy, ms);
    const live = only(stateBefore(defaultPolicy), { fal: 0.9, runware: 0.1 }, 1);
    const back = only(live, { fal: 1, runware: 0 }, 2);
    expect(only(back, { fal: 0.7, runware: 0, third: 0.3 }, 3)).toMatchObject({
      latched: true,
      arms: { runware: { latchedAtMs: 2 } },
    });
  });

  it('latches one that is rolled back to where the plan itself had it before', () => {
    const late = { ...policy, stages: [stage('D1', 0.1, 0), stage('D2', 0.1, 0.1)] };
    const d1 = stateAfter(stateBefore(late), late.stages[0]?.weights ?? {}, late, 1);
    const both = stateAfter(d1, late.stages[1]?.weights ?? {}, late, 2);
    const back = stateAfter(both, afterRollbackOf(both.weights, late, ['y']), late, 3, true);
    expect(back).toMatchObject({ weights: d1.weights, stage: 'D2', stageStartedAtMs: 2 });
    expect(back.arms).toMatchObject({ x: { latchedAtMs: null }, y: { latchedAtMs: 3 } });
  });
});

describe('any plan', () => {
  it('is a valid one, and each of its stages without any of its arms is that stage or one like it', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat(6)), (plan, which) => {
        const latched = plan.candidates.filter((_, i) => which.includes(i));
        for (const each of plan.stages) {
          const weights = stageWeights(each, plan, latched);
          if (atRest(weights, plan)) continue;
          const named = stageOf(weights, plan, latched);
          const found = plan.stages.find(({ name }) => name === named);
          expect(found && stageWeights(found, plan, latched)).toEqual(weights);
        }
      }),
    );
  });

  it('rolls one arm back without lowering another’s share, whatever came before', () => {
    const move = fc.record({ kind: fc.constantFrom('advance', 'rollback', 'rearm'), arm: fc.nat(6) });
    fc.assert(
      fc.property(plans, fc.array(move, { maxLength: 20 }), (plan, moves) => {
        let state = stateBefore(plan);
        for (const [i, { kind, arm }] of moves.entries()) {
          const name = plan.candidates[arm % plan.candidates.length] ?? '';
          const latched = latchedArms(state.arms);
          const whole = latched.length === plan.candidates.length;
          const next = nextStep(state, plan, whole ? [] : latched);
          const rearmed = rearmedWeights(state.weights, plan, name);
          const to =
            kind === 'advance'
              ? next?.weights
              : kind === 'rollback'
                ? afterRollbackOf(state.weights, plan, [name])
                : rearmed;
          if (to === undefined || typeof to === 'string') continue;
          if (kind === 'rearm' && (whole || !latched.includes(name))) continue;
          const after = stateAfter(state, to, plan, i, kind === 'rollback');
          expect(Object.values(after.weights).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 8);
          if (kind === 'rollback')
            for (const other of plan.candidates.filter((each) => each !== name))
              expect(shareOf(after.weights, other)).toBeGreaterThanOrEqual(shareOf(state.weights, other) - 1e-9);
          if (kind !== 'rearm') expect(after.stage).not.toBe('custom');
          state = after;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is written and read again as it is', () => {
    expect(
      readPolicyValue({
        baseline: 'base',
        candidates: ['x', 'y'],
        stages: [{ name: 'D1', weights: { base: 0.8, x: 0.1, y: 0.1 }, observe: '1h' }],
        rollback: { base: 1, x: 0, y: 0 },
      }),
    ).toMatchObject({ ok: true, policy: { candidates: ['x', 'y'] } });
  });
});
