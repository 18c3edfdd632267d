import { describe, expect, it } from 'vitest';
import { watchLines } from '@/lib/replay/line-watch';
import { gridIndex } from '@/lib/rule/buckets/history';
import { barOf, contextOf, rolloutFloor } from '@/lib/rule/decide';
import { straddles } from '@/lib/rule/first-look';
import { defaultPolicy, firstArm } from '@/lib/split/policy/policy';
import {
  at,
  decided,
  factsOf,
  lineOf,
  liveState,
  oneLine,
  type SceneEvent,
  type SceneFacts,
  splitFacts,
  steady,
} from './scene';

const policy = oneLine('failure_rate');
const failures = (from: number, to: number) => steady(from, to, 2, { failed: true });
const outage = [...steady(-3600, 0, 2), ...failures(0, 500), ...steady(500, 3000, 2)];

describe('a hold that nobody saw', () => {
  const missed = (now: number, lastTick: number | null, more: SceneFacts = {}, events: SceneEvent[] = outage) =>
    decided(
      now,
      events.filter((each) => each.atSeconds <= now),
      {
        ...{ policy, lastTickMs: lastTick === null ? null : at(lastTick) },
        ...more,
      },
    ).missed.map(({ metric, fromMs, toMs }) => [metric, (fromMs - at(0)) / 1000, (toMs - at(0)) / 1000]);

  it('is told from its beginning to its last instant', () => {
    // The windows are over the line from 10 s on; the newer half of the hold is well again from 650 s on.
    const [found] = missed(1200, -100);
    expect(found?.slice(0, 2)).toEqual(['failure_rate', 10]);
    expect(found?.[2]).toBeGreaterThanOrEqual(500);
    expect(found?.[2]).toBeLessThan(660);
    const literal = missed(1200, -100, { policy: oneLine('failure_rate', { evidence: 'observed' }) });
    expect(literal).toEqual([['failure_rate', 10, 790]]);
  });

  it('is looked for after the last tick only', () => {
    const literal = oneLine('failure_rate', { evidence: 'observed' });
    expect(missed(1200, 780, { policy: literal })).toEqual([['failure_rate', 490, 790]]);
    expect([missed(1200, 790, { policy: literal }), missed(1200, null, { policy: literal })]).toEqual([[], []]);
  });

  it('is none before a rollout, while it is still held, or when luck explains it', () => {
    expect(missed(1200, -100, { state: { ...liveState, rolloutStartedAtMs: null } })).toEqual([]);
    expect(missed(500, -100)).toEqual([]);
    const rare = [...steady(-3600, 3000, 6), ...steady(-150, 600, 150, { failed: true })];
    expect(missed(1500, -100, {}, rare)).toEqual([]);
    expect(missed(1500, -100, { policy: oneLine('failure_rate', { evidence: 'observed' }) }, rare)).toHaveLength(1);
  });

  it('takes more evidence in a stage without end', () => {
    // Enough to be rarer than 1 in 10,000, not than 1 in 100,000.
    const scene = (hits: number) => [
      ...steady(-3600, 0, 6),
      ...steady(0, 300, 6),
      ...Array.from({ length: hits }, (_, i): SceneEvent => ({ atSeconds: 5 + i * 55, failed: true })),
      ...steady(300, 3000, 6),
    ];
    const found = (hits: number, stage: string) =>
      missed(1500, -100, { state: { ...liveState, stage } }, scene(hits)).length;
    const needed = (stage: string) => [1, 2, 3, 4, 5, 6].find((hits) => found(hits, stage) > 0) ?? 7;
    expect(needed('D3')).toBeGreaterThanOrEqual(needed('D1'));
  });
});

describe('what a line says from tick to tick', () => {
  const glances = (more: SceneFacts, events: SceneEvent[], seconds: readonly number[]) => {
    const facts = factsOf(Math.max(...seconds), events, { policy, ...more });
    const watch = watchLines(facts, gridIndex(at(seconds[0] ?? 0)));
    return seconds.map((second, i) => watch.look(gridIndex(at(second)), i === 0)[0]);
  };
  const ticks = (from: number, to: number) => Array.from({ length: (to - from) / 10 + 1 }, (_, i) => from + 10 * i);

  it('is breach while the hold fills, and then held by no luck', () => {
    const said = glances({}, [...steady(-3600, 0, 2), ...failures(0, 400)], ticks(-10, 330));
    expect(said).toEqual([...Array(2).fill('ok'), ...Array(30).fill('breach'), ...Array(3).fill('held_not_luck')]);
  });

  it('is only held where luck may be all there is, or nothing can be rolled back', () => {
    const unlucky = [...steady(-3600, 600, 6), ...steady(-150, 600, 150, { failed: true })];
    expect(glances({}, unlucky, ticks(300, 600)).at(-1)).toBe('held');
    expect(
      glances({ policy: oneLine('failure_rate', { evidence: 'observed' }) }, unlucky, ticks(300, 600)).at(-1),
    ).toBe('held_not_luck');
    const state = { ...liveState, weights: { fal: 1, runware: 0 } };
    expect(glances({ state }, outage, ticks(0, 400)).at(-1)).toBe('held');
  });

  it('begins anew after a window that is within the line, and bridges one without requests', () => {
    const broken = [...failures(0, 200), ...steady(200, 600, 0.5), ...failures(900, 1100)];
    expect(glances({}, broken, ticks(0, 1100)).at(-1)).toBe('breach');
    const bridged = [...failures(0, 200), ...failures(900, 1000)];
    const said = glances({}, bridged, ticks(0, 1000));
    expect([said.at(-15), said.at(-5)]).toEqual(['no_traffic', 'held_not_luck']);
  });

  it('walks the run again after a tick that was left out, or when rows came late', () => {
    const events = [...steady(-3600, 0, 2), ...failures(0, 400)];
    expect(glances({}, events, [0, 100, 320]).at(-1)).toBe('held_not_luck');
    const facts = factsOf(400, events, { policy });
    const watch = watchLines(facts, gridIndex(at(310)));
    expect(watch.look(gridIndex(at(310)), true)).toEqual(['held_not_luck']);
  });

  it('is the worse of the two ways to measure vouchers', () => {
    const made = steady(-600, 0, 2, { provider: 'fal', kind: 'generated' });
    const unnamed = steady(-600, 0, 10, { provider: '', kind: 'voucher' });
    const vouchers = { policy: oneLine('regenerate_voucher_rate') };
    expect(glances(vouchers, [...made, ...unnamed], [0])).toEqual(['breach']);
    expect(glances(vouchers, made, [0])).toEqual(['no_traffic']);
    expect(glances({ ...vouchers, blind: true }, made, [0])).toEqual(['blind']);
    expect(glances({ ...vouchers, blind: true }, [...made, ...unnamed], [0])).toEqual(['breach']);
    expect(glances(vouchers, [...made, ...steady(-600, 0, 2, { kind: 'generated' })], [0])).toEqual(['ok']);
    expect(
      glances(vouchers, [...made, ...steady(-600, 0, 100, { kind: 'generated' }), ...steady(-600, 0, 100)], [0]),
    ).toEqual(['insufficient']);
  });
});

describe('the facts of a decision', () => {
  it('become what a line is judged by', () => {
    const facts = factsOf(9.9, [], { blind: true });
    expect(barOf(facts)).toMatchObject({
      ...{
        at: at(0) / 10_000,
        luck: { healthy: 1e-4, onTheLine: 3e-3, among: 1 },
        literal: false,
        blind: true,
        canRollBack: true,
      },
      ...{ baselineAvailable: true, vouchersBefore: null, changes: [], sharedCauseBlocks: true },
    });
    const acts = firstArm({ ...defaultPolicy, sharedCause: 'act' });
    expect(barOf({ ...facts, policy: acts, weightsChangedAtMs: [29_999] })).toMatchObject({
      ...{ sharedCauseBlocks: false, changes: [2] },
    });
    expect(barOf({ ...facts, state: { ...liveState, stage: 'D3' } }).luck.healthy).toBe(1e-5);
    expect(barOf({ ...facts, policy: firstArm({ ...defaultPolicy, evidence: 'observed' }) }).literal).toBe(true);
    const floorOf = (state: Partial<typeof liveState>) =>
      rolloutFloor(factsOf(0, [], { state: { ...liveState, ...state } }), 77);
    expect(floorOf({ rolloutStartedAtMs: null })).toBe(77);
    expect(floorOf({ rolloutStartedAtMs: 10_001 })).toBe(1);
    const out = { rolloutStartedAtMs: 10_001, weights: { fal: 1, runware: 0 } };
    expect([floorOf(out), floorOf({ ...out, latched: true })]).toEqual([77, 1]);
  });

  it('refuse a history that was built for another line', () => {
    const facts = factsOf(0, []);
    const redLines = defaultPolicy.redLines.map((line) => ({ ...line, limit: 7000 }));
    const other = firstArm({ ...defaultPolicy, redLines });
    expect(() => contextOf({ ...facts, policy: other })).toThrow(
      'History counts latencies from 8000 ms, the policy from 7000.',
    );
  });

  it.each([
    [{ ...defaultPolicy, baselineCostUsd: 0.01 }, 0.02, 0.05, { usd: 0.01, source: 'policy' }],
    [defaultPolicy, 0.02, 0.05, { usd: 0.02, source: 'environment' }],
    [defaultPolicy, null, 0.05, { usd: 0.05, source: 'before_rollout' }],
    [defaultPolicy, null, null, { usd: 0.03, source: 'concurrent' }],
  ])('name the cost that is compared with', (given, environmentCostUsd, baselineCostUsd, expected) => {
    const events = steady(-600, 0, 10, { provider: 'fal', costUsd: 0.03 });
    const state = { ...liveState, baselineCostUsd };
    expect(decided(0, events, { policy: given, environmentCostUsd, state }).baselineCost).toEqual(expected);
  });

  it('come back with the decision', () => {
    expect(decided(9.9, [])).toMatchObject({
      policyVersion: 3,
      atMs: at(0),
      baselineCost: { source: 'before_rollout' },
    });
    const none = decided(0, [], { state: { ...liveState, baselineCostUsd: null } });
    expect(none.baselineCost).toBeNull();
    expect(decided(0, [], { policy, state: { ...liveState, baselineCostUsd: null } }).baselineCost).toBeNull();
  });
});

describe('the line that speaks', () => {
  it('first acts, else alarms, and is the worse of two measures', () => {
    const both = [...failures(-900, 0), ...steady(-900, 0, 2, { latencyMs: 20_000, failed: true })];
    expect(decided(0, both).action).toMatchObject({ kind: 'rollback', line: { metric: 'p95_latency_ms' } });
    const unavailable = { baseline: { configured: false, probeOk: true } };
    expect(decided(0, both, unavailable).action).toMatchObject({ kind: 'alert', hindrance: 'baseline_unavailable' });
    const lucky = [...steady(-3600, 0, 6), ...steady(-750, 0, 150, { failed: true })];
    expect(decided(0, lucky, { policy }).action).toEqual({ kind: 'none' });
  });

  it('of vouchers is the one that acts, though the other is over its line as well', () => {
    const own = [...steady(-7200, 0, 4, { kind: 'generated' }), ...steady(-7200, 0, 20, { kind: 'voucher' })];
    const unnamed = steady(-7200, 0, 20, { provider: '', kind: 'voucher' });
    const state = { ...liveState, rolloutStartedAtMs: at(-7200) };
    const decision = decided(0, [...own, ...unnamed], { state, voucherRateBefore: { vouchers: 90, generated: 100 } });
    expect(lineOf(decision, 'regenerate_voucher_rate')).toMatchObject({ acts: true, value: 0.2, baselineN: 0 });
    const global = decided(0, [...steady(-7200, 0, 4, { provider: 'fal', kind: 'generated' }), ...unnamed], { state });
    expect(lineOf(global, 'regenerate_voucher_rate')).toMatchObject({ acts: true, baselineValue: null, baselineN: 0 });
    const rateBefore = (vouchers: number) =>
      lineOf(
        decided(0, [...steady(-7200, 0, 4, { provider: 'fal', kind: 'generated' }), ...unnamed], {
          ...{ state, voucherRateBefore: { vouchers, generated: 100 } },
        }),
        'regenerate_voucher_rate',
      ).hindrance;
    // By evidence: a hair above the old rate is not above it.
    expect([rateBefore(5), rateBefore(19)]).toEqual([null, 'not_above_before']);
    const asBefore = [...steady(-7200, 0, 4, { provider: 'fal', kind: 'generated' }), ...unnamed];
    const told = decided(0, asBefore, { state, voucherRateBefore: { vouchers: 20, generated: 100 } });
    expect(told.action).toMatchObject({ kind: 'alert', hindrance: 'not_above_before' });
  });
});

describe('the baseline', () => {
  const sick = [...steady(-1800, 0, 4, { failed: true }), ...steady(-1800, 0, 2)];
  const hindrance = (baseline: SceneEvent[]) =>
    lineOf(decided(0, [...sick, ...baseline.map((each) => ({ ...each, provider: 'fal' }))], { policy }), 'failure_rate')
      .hindrance;

  it('is no better when it is as bad or worse, by evidence, and while it goes on', () => {
    expect(hindrance(steady(-1800, 0, 2, { failed: true }))).toBe('shared_cause');
    expect(hindrance([...steady(-1800, 0, 4, { failed: true }), ...steady(-1800, 0, 2)])).toBe('shared_cause');
    expect(hindrance([...steady(-1800, 0, 6, { failed: true }), ...steady(-1800, 0, 2)])).toBeNull();
    expect(hindrance([{ atSeconds: -5, failed: true }])).toBeNull();
    expect(hindrance([...steady(-1800, -155, 2, { failed: true }), ...steady(-150, 0, 10)])).toBeNull();
    expect(hindrance([])).toBeNull();
  });
});

describe('the windows to ask the store about', () => {
  const p95 = oneLine('p95_latency_ms');
  const straddling = (provider: string, from: number, to: number): SceneEvent[] =>
    [...steady(from, to, 30, { latencyMs: 7000 }), { atSeconds: to, latencyMs: 9000 }].map((each) => ({
      ...each,
      provider,
    }));

  it('are those of the candidate’s hold and of the newer halves, by role and in instants', () => {
    const named = straddles(splitFacts(0, straddling('runware', -300, 0), { policy: p95 }));
    expect(named[0]).toEqual({ arm: 'runware', role: 'candidate', fromMs: at(-300), toMs: at(0), limitMs: 8000 });
    expect(named.every((each) => each.role === 'candidate')).toBe(true);
    // One window for each step of the hold, and no more: with traffic in it the oldest of them ends the looking back.
    const tenth = steady(-3600, 0, 30).map((each, i) => ({ ...each, latencyMs: i % 10 === 0 ? 9000 : 7000 }));
    const held = straddles(splitFacts(0, tenth, { policy: p95 })).filter(
      ({ fromMs, toMs }) => toMs - fromMs === 300_000,
    );
    expect(held.map(({ toMs }) => (toMs - at(0)) / 10_000)).toEqual(Array.from({ length: 31 }, (_, i) => 0 - i));
    const theirs = straddles(splitFacts(0, straddling('fal', -300, 0), { policy: p95 }));
    expect(theirs).toEqual([
      { arm: 'runware', role: 'baseline', fromMs: at(-300), toMs: at(0), limitMs: 8000 },
      { arm: 'runware', role: 'baseline', fromMs: at(-150), toMs: at(0), limitMs: 8000 },
    ]);
  });

  it('are none without a p95 line, and none before the rollout', () => {
    const events = straddling('runware', -300, 0);
    expect(straddles(splitFacts(0, events, { policy }))).toEqual([]);
    expect(
      straddles(splitFacts(0, events, { policy: p95, state: { ...liveState, rolloutStartedAtMs: at(0) } })),
    ).toEqual([]);
    const young = { ...liveState, rolloutStartedAtMs: at(-200) };
    expect(
      straddles(splitFacts(0, events, { policy: p95, state: young })).every((each) => each.fromMs >= at(-200)),
    ).toBe(true);
  });
});
