import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import type { Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { policyKeyOf } from '@/lib/split/split-key';
import { afterRollbackOf, latchedArms, nextStep, rearmedWeights, stageOf } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { readWeights, shareOf, type Weights } from '@/lib/split/weights';
import { plans } from '@/test/fakes/plans';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { type Places, places, RandomRegistry, registryMoves } from '@/test/support/random-registry';

// One split, two judges: what the triggers of the database make of any writes, lib/split makes of them too.
let database: TestDatabase;
let count = 0;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

interface Say {
  readonly verb?: 'rollback' | 'rearm' | 'pause' | 'resume' | 'advance';
  readonly arm?: string;
}

/** A split of its own with these arms and this policy, and what the database said against the policy. */
async function register(arms: readonly string[], policy: string, at: Places) {
  const key = `RANDOM_${++count}_WEIGHTS`;
  const registry = new RandomRegistry(database.sql, key, arms);
  await registry.register(`random-${count}`, at);
  return { key, registry, fault: await put(policyKeyOf(key), policy) };
}

/** The guard's sentence, or null where it let the write pass. null for the text: what is there is written again. */
async function put(flag: string, text: string | null, { verb = undefined, arm = undefined }: Say = {}) {
  try {
    await database.sql.begin(async (tx) => {
      await tx`select set_config('sluice.verb', ${verb ?? ''}, true), set_config('sluice.arm', ${arm ?? ''}, true)`;
      if (text === null) await tx`update feature_flags set updated_at = now() where flag_key = ${flag}`;
      else
        await tx`insert into feature_flags (flag_key, flag_value_text) values (${flag}, ${text})
          on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;
    });
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^\S+ was not changed: /, '');
  }
}

interface Row {
  readonly stage: string;
  readonly text: string;
  readonly latched: boolean;
  readonly now: Date;
  readonly started: Date | null;
  readonly stage_started: Date;
  readonly arms: Readonly<Record<string, { started: string | null; latched: string | null }>>;
}

async function row(key: string): Promise<Row> {
  const [found] = await database.sql<Row[]>`
    select f.stage, f.flag_value_text as text, f.latched_at is not null as latched, clock_timestamp() as now,
      f.rollout_started_at as started, f.stage_started_at as stage_started,
      (select jsonb_object_agg(a.arm, jsonb_build_object('started', a.rollout_started_at, 'latched', a.latched_at))
        from sluice.arm_state a where a.split = f.flag_key) as arms
    from feature_flags f where f.flag_key = ${key}`;
  if (found === undefined) throw new Error('there is no row');
  // The next write is at another millisecond.
  await database.sql`select pg_sleep(0.002)`;
  return found;
}

const move = fc.record({
  kind: fc.constantFrom(
    ...([
      'advance',
      'advance',
      'rollback',
      'rearm',
      'rearm all',
      'pause',
      'resume',
      'weights',
      'some',
      'broken',
    ] as const),
    ...registryMoves,
  ),
  arm: fc.nat(50),
  parts: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 }),
});

/** Weights by hand: any shares, or those that are there with one candidate's changed at the baseline's cost. */
function byHand(
  { kind, arm, parts }: { kind: string; arm: number; parts: number[] },
  state: RolloutState,
  plan: Policy,
) {
  const names = [plan.baseline, ...plan.candidates, 'other'];
  if (kind === 'some') {
    const name = plan.candidates[arm % plan.candidates.length] ?? '';
    const share = (parts[0] ?? 0) / 100;
    const base = shareOf(state.weights, plan.baseline) + shareOf(state.weights, name) - share;
    return JSON.stringify({ ...state.weights, [plan.baseline]: Math.max(0, Number(base.toFixed(9))), [name]: share });
  }
  const total = parts.slice(1, names.length).reduce((sum, part) => sum + part, 0);
  const weights = Object.fromEntries(names.map((name, i) => [name, (i === 0 ? 100 - total : (parts[i] ?? 0)) / 100]));
  if (kind === 'weights') return JSON.stringify(weights);
  const broken = [
    { ...weights, nobody: 0 },
    { ...weights, [names[1] ?? '']: 2 },
    { [plan.baseline]: 1 },
    { ...weights, other: 0.5 },
  ];
  return JSON.stringify(broken[arm % broken.length]);
}

const isRegistryMove = (kind: string): kind is (typeof registryMoves)[number] =>
  registryMoves.some((each) => each === kind);

/** A re-arm without other weights, as the trigger has it. */
function rearmed(state: RolloutState, plan: Policy, only: string | null): RolloutState {
  const arms = Object.fromEntries(
    Object.entries(state.arms).map(([arm, known]) => [
      arm,
      only === null || only === arm || plan.candidates.length === 1 ? { ...known, latchedAtMs: null } : known,
    ]),
  );
  return { ...state, latched: false, arms, stage: stageOf(state.weights, plan, latchedArms(arms)) };
}

it('is in the same state after any writes, and no rollback of one arm lowers another', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(plans, places, fc.array(move, { minLength: 4, maxLength: 20 }), async (plan, at, moves) => {
      const arms = [plan.baseline, ...plan.candidates, ...(plan.candidates.length < 7 ? ['other'] : [])];
      const { key, registry, fault } = await register(arms, JSON.stringify(formatPolicy(plan)), at);
      expect(fault).toBeNull();
      const rules = { registered: arms, baseline: plan.baseline, candidates: plan.candidates };
      expect(await put(key, JSON.stringify(plan.rollback))).toBeNull();
      // Where a rollback leaves an arm something, the first write gives it to it.
      let state = stateAfter({ ...stateBefore(plan), weights: {} }, plan.rollback, plan, 0);
      const ends = [(await row(key)).now.getTime()];
      for (const [i, { kind, arm, parts }] of moves.entries()) {
        const name = plan.candidates[arm % plan.candidates.length] ?? '';
        const latched = latchedArms(state.arms);
        const whole = latched.length === plan.candidates.length;
        const was = state;
        if (isRegistryMove(kind)) {
          const fault = await registry.change(kind, arm, state, plan);
          expect([kind, fault]).toEqual([kind, null]);
          continue;
        }
        if (kind === 'pause' || kind === 'resume') expect(await put(key, null, { verb: kind })).toBeNull();
        else if (kind === 'rearm all' || (kind === 'rearm' && state.latched)) {
          if (!state.latched) continue;
          const only = kind === 'rearm' ? name : undefined;
          expect(await put(key, null, { verb: 'rearm', ...(only && { arm: only }) })).toBeNull();
          state = rearmed(state, plan, only ?? null);
        } else {
          const to =
            kind === 'advance'
              ? nextStep(state, plan, whole ? [] : latched)?.weights
              : kind === 'rollback'
                ? afterRollbackOf(state.weights, plan, [name])
                : kind === 'rearm'
                  ? rearmedWeights(state.weights, plan, name)
                  : byHand({ kind, arm, parts }, state, plan);
          if (to === undefined || (kind === 'rearm' && (typeof to === 'string' || !latched.includes(name)))) continue;
          const text = typeof to === 'string' ? to : JSON.stringify(to);
          const reading = readWeights(text, rules);
          const said = kind === 'rollback' || kind === 'advance' || kind === 'rearm' ? { verb: kind } : {};
          const refusal = reading.ok ? registry.refusalOf(reading.weights, state, plan) : reading.sentence;
          const expected = refusal instanceof RegExp ? expect.stringMatching(refusal) : refusal;
          expect([text, await put(key, text, said as Say)]).toEqual([text, expected]);
          if (reading.ok && refusal === null)
            state = stateAfter(state, reading.weights, plan, i + 1, kind === 'rollback');
        }
        const now = await row(key);
        // What was left out has no time of its own.
        while (ends.length < i + 1) ends.push(ends.at(-1) ?? 0);
        ends.push(now.now.getTime());
        const at = (time: Date | string | null) =>
          time === null ? null : ends.findIndex((end) => end >= new Date(time).getTime());
        const said = {
          stage: now.stage,
          latched: now.latched,
          stageStartedAt: at(now.stage_started),
          arms: Object.fromEntries(
            Object.entries(now.arms).map(([each, of]) => [each, [at(of.started), at(of.latched)]]),
          ),
        };
        expect({ kind, ...said }).toEqual({
          kind,
          stage: state.stage,
          latched: state.latched,
          stageStartedAt: state.stageStartedAtMs,
          arms: Object.fromEntries(
            plan.candidates.map((each) => [
              each,
              [state.arms[each]?.rolloutStartedAtMs ?? null, state.arms[each]?.latchedAtMs ?? null],
            ]),
          ),
        });
        if (kind === 'rollback') expectOthersStay(was.weights, JSON.parse(now.text), plan, name);
      }
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

function expectOthersStay(was: Weights, becomes: Weights, plan: Policy, arm: string): void {
  for (const other of plan.candidates.filter((each) => each !== arm))
    expect(shareOf(becomes, other)).toBeGreaterThanOrEqual(shareOf(was, other) - 1e-9);
}

it('judges policies of any split alike', { timeout: 120_000 }, async () => {
  const spoilt = fc.constantFrom<(policy: Record<string, unknown>) => unknown>(
    // As many good ones as bad, or chance decides whether enough of them were tried.
    ...Array.from({ length: 6 }, () => (policy: Record<string, unknown>) => policy),
    ({ baseline: _, ...policy }) => policy,
    ({ stages: _, ...policy }) => policy,
    ({ rollback: _, ...policy }) => policy,
    ({ candidate: _, candidates: __, ...policy }) => policy,
    (policy) => ({ ...policy, candidate: 'c0', candidates: ['c0'] }),
    (policy) => ({ ...policy, candidates: undefined, candidate: 'base' }),
    ({ candidate: _, ...policy }) => ({ ...policy, candidates: ['c0', 'c0'] }),
    ({ candidate: _, ...policy }) => ({ ...policy, candidates: [] }),
    ({ candidate: _, ...policy }) => ({ ...policy, candidates: 'c0' }),
    ({ candidate: _, ...policy }) => ({ ...policy, candidates: ['c0', 'base'] }),
    (policy) => ({ ...policy, rollback: { base: 0.5, c0: 0.5 } }),
    (policy) => ({ ...policy, stages: (policy.stages as unknown[]).toReversed() }),
    (policy) => ({ ...policy, baseline: 'nobody' }),
  );
  const registered = ['base', 'c0', 'c1', 'c2', 'c3', 'other'];
  const { key } = await register(registered, '{}', { at: [0, 1, 2, 3, 0, 1], pinned: [true] });
  const refused = { by: 0, of: 0 };
  await fc.assert(
    fc.asyncProperty(plans, spoilt, async (plan, spoil) => {
      const text = JSON.stringify(spoil({ ...formatPolicy(plan) }));
      const reading = readPolicy(text, registered, 'own');
      const [judged] = await database.sql`select sluice.policy_fault_of(${key}, ${text}) as fault`;
      refused.of += 1;
      refused.by += judged?.fault === null ? 0 : 1;
      expect([text, judged?.fault]).toEqual([text, reading.ok ? null : expect.any(String)]);
    }),
    { numRuns: 300 },
  );
  expect(refused.by).toBeGreaterThan(50);
  expect(refused.of - refused.by).toBeGreaterThan(10);
});
