import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historySinceMs, plainBasis } from '@/lib/rule/buckets/history';
import { decide } from '@/lib/rule/decide';
import { explain } from '@/lib/rule/explain';
import { nothingBeside } from '@/lib/rule/facts';
import type { Gauge, GaugeContext } from '@/lib/rule/gauges/gauge';
import { sideOfLine } from '@/lib/rule/gauges/gauge-share';
import { gaugesOf } from '@/lib/rule/gauges/red-lines';
import type { Decision } from '@/lib/rule/verdict';
import { defaultPolicy, firstArm, type Policy, type RedLine } from '@/lib/split/policy/policy';
import { usualLines } from '@/lib/split/policy/red-lines';
import { type JobStory, jobBuckets } from '@/test/support/job-stories';
import { historyOf } from '../support/histories';
import { at, lineOf, liveState } from './scene';

const policy: Policy = { ...defaultPolicy, redLines: usualLines.job };
const line = (metric: RedLine['metric']) => policy.redLines.find((each) => each.metric === metric) as RedLine;
const ageMs = 600_000;

function contextOf(stories: readonly JobStory[], floorMs = Number.NEGATIVE_INFINITY): GaugeContext {
  const basis = { ...plainBasis, floorMs };
  const history = historyOf(jobBuckets(stories), firstArm(policy), at(-7200), at(0), basis);
  return { history, neighbours: () => null, knownCost: null, pricesBefore: null };
}
const gauges = (context: GaugeContext, metric: RedLine['metric']) =>
  gaugesOf(context, line(metric)).map(({ candidate }) => candidate) as [Gauge, Gauge];

const story: fc.Arbitrary<JobStory> = fc.record({
  arm: fc.constantFrom('runware', 'runware', 'fal'),
  beganMs: fc.integer({ min: at(-7000), max: at(-10) }),
  answeredAfterMs: fc.integer({ min: 0, max: 9000 }),
  fate: fc.constantFrom('runs', 'done', 'done', 'failed', 'given up', 'cancelled', 'refused', 'not accepted'),
  tookMs: fc.oneof(fc.integer({ min: 10_000, max: 1_500_000 }), fc.constantFrom(599_999, 600_000, 600_001)),
  costPerUnit: fc.constant(null),
  pinned: fc.constantFrom(false, false, false, true),
  rescued: fc.constantFrom(false, false, false, true),
});

describe('lines of jobs say what a recount of the jobs says', () => {
  const spans = fc.tuple(fc.integer({ min: -700, max: 0 }), fc.integer({ min: 1, max: 200 }));
  const grid = at(0) / 10_000;
  const recount = (stories: readonly JobStory[], from: number, to: number, shift: number) =>
    stories.filter(({ arm, beganMs, fate, pinned, rescued }) => {
      const slot = Math.ceil(beganMs / 10_000) + shift;
      const counts = !pinned && !rescued && !['refused', 'not accepted', 'cancelled'].includes(fate);
      return arm === 'runware' && counts && slot > from && slot <= to;
    });
  const failed = ({ fate }: JobStory) => fate === 'failed' || fate === 'given up';

  it.each([
    ['p95_time_to_done_ms', 0, 60],
    ['end_failure_rate', 0, 60],
    ['end_failure_rate', 1, 0],
  ] as const)('%s, measured in way %d', (metric, way, shift) => {
    fc.assert(
      fc.property(fc.array(story, { maxLength: 60 }), spans, (stories, [after, length]) => {
        const gauge = gauges(contextOf(stories), metric)[way] as Gauge;
        const [from, to] = [grid + after, Math.min(grid, grid + after + length)];
        const cohort = recount(stories, from, to, shift);
        const isDone = metric === 'p95_time_to_done_ms';
        const ended = cohort.filter(({ fate }) => fate !== 'runs');
        const rows = isDone || way === 1 ? cohort : ended;
        const isLate = ({ fate, tookMs }: JobStory) => fate === 'runs' || fate === 'given up' || tookMs >= ageMs;
        const hits = rows.filter(isDone ? isLate : failed).length;
        expect([gauge.count(from, to), gauge.hits(from, to)]).toEqual([rows.length, hits]);
        const over = isDone ? sideOfLine(rows.length, hits) === 'over' : hits > rows.length * 0.05;
        expect(gauge.side(from, to)).toBe(rows.length === 0 ? 'unmeasured' : over ? 'over' : 'under');
      }),
      { numRuns: 300 },
    );
  });

  it('nothing of a job that began before the rollout, whenever it would be judged', () => {
    const old: JobStory = {
      ...{ arm: 'runware', beganMs: at(-1000), answeredAfterMs: 10, fate: 'failed', tookMs: 20_000 },
      ...{ costPerUnit: null, pinned: false, rescued: false },
    };
    const context = contextOf([old, { ...old, beganMs: at(-900) }], at(-950));
    for (const metric of ['p95_time_to_done_ms', 'end_failure_rate'] as const)
      for (const gauge of gauges(context, metric)) expect(gauge.count(grid - 720, grid)).toBe(1);
  });
});

interface Arm {
  readonly neverEnd?: number;
  readonly failed?: number;
  readonly tookMs?: number;
  readonly costPerUnit?: number;
  readonly fromSeconds?: number;
}

/** One create every `everySeconds` on each arm until now, with fates spread evenly. */
function rollout(candidate: Arm, everySeconds = 10, baseline: Arm = {}): JobStory[] {
  const told = (
    arm: string,
    { neverEnd = 0, failed = 0, tookMs = 90_000, costPerUnit = 0.1, fromSeconds = -3600 }: Arm,
  ) => {
    const stories: JobStory[] = [];
    for (let n = 0, seconds = fromSeconds + 5; seconds <= 0; n++, seconds += everySeconds) {
      const fateOf = (share: number, phase: number) =>
        Math.floor((n + phase) * share) > Math.floor((n + phase - 1) * share);
      const fate = fateOf(neverEnd, 1) ? 'runs' : fateOf(failed, 1) ? 'failed' : 'done';
      stories.push({
        ...{ arm, beganMs: at(seconds), answeredAfterMs: 1500, fate, tookMs: tookMs + ((n * 7919) % 20_000) },
        ...{ costPerUnit, pinned: false, rescued: false },
      });
    }
    return stories;
  };
  return [...told('runware', candidate), ...told('fal', baseline)];
}

function judged(stories: readonly JobStory[], nowSeconds: number, by: Policy = policy): Decision {
  const nowMs = at(nowSeconds);
  const known = jobBuckets(stories, nowMs);
  const history = historyOf(known, firstArm(by), historySinceMs(by, nowMs), nowMs, {
    ...plainBasis,
    floorMs: liveState.rolloutStartedAtMs ?? 0,
  });
  return decide({
    ...{ state: { ...liveState, baselineCostUsd: null }, policy: by, policyVersion: 1, nowMs },
    arms: { runware: { ...nothingBeside, history } },
    ...{ weightsChangedAtMs: [], baseline: { configured: true, probeOk: true }, environmentCostUsd: null },
    ...{ lastTickMs: null, gate: null },
  });
}

/** Seconds from the rollout's start to the first tick that rolls back; null: within the hour none does. */
function rolledBackAfter(stories: readonly JobStory[], everySeconds = 60): readonly [number, string] | null {
  for (let seconds = 60; seconds <= 3600; seconds += everySeconds) {
    const { action } = judged(stories, seconds - 3600);
    if (action.kind === 'rollback') return [seconds, action.line.metric];
  }
  return null;
}

describe('a candidate of which 30 % never end', () => {
  const stories = rollout({ neverEnd: 0.3 });
  const finishedOnly = stories.filter(({ fate }) => fate !== 'runs');

  it('is rolled back by its cohorts, in 21 min at 6 a minute (10 of the line, 10 of the hold): finished jobs alone never say so', () => {
    expect(rolledBackAfter(stories, 10)).toEqual([1270, 'p95_time_to_done_ms']);
    expect(rolledBackAfter(finishedOnly)).toBeNull();
    const now = judged(stories, -2300);
    expect(explain(lineOf(now, 'p95_time_to_done_ms'), policy)).toMatch(
      /^runware p95 time to done is 600 s over the last 15m \(\d+ jobs; line >= 600 s\), held for 10m: luck would do this .* so it rolls runware back\.$/,
    );
    expect(lineOf(judged(finishedOnly, -2300), 'p95_time_to_done_ms')).toMatchObject({ verdict: 'ok', limit: ageMs });
    expect(lineOf(judged(finishedOnly, -2300), 'p95_time_to_done_ms').value).toBeLessThan(115_000);
  });

  it('is not while it is merely young, nor is one whose jobs all end', () => {
    const young = lineOf(judged(stories, -3010), 'p95_time_to_done_ms');
    expect(young).toMatchObject({ verdict: 'insufficient', n: 0 });
    expect(explain(young, policy)).toBe(
      'runware p95 time to done cannot be called ok: only 0 jobs of the last 15m can be judged: one is when it is 10m old, ended or not.',
    );
    expect(rolledBackAfter(rollout({}))).toBeNull();
    expect(rolledBackAfter(rollout({ tookMs: 560_000 }))).toBeNull();
  });
});

describe('a candidate whose jobs', () => {
  it('fail at once is rolled back without waiting for the others to be old', () => {
    expect(rolledBackAfter(rollout({ failed: 1, tookMs: 5000 }))).toEqual([expect.any(Number), 'end_failure_rate']);
    expect(rolledBackAfter(rollout({ failed: 1, tookMs: 5000 }))?.[0]).toBeLessThan(900);
  });

  it('fail late is rolled back when they are old', () => {
    expect(rolledBackAfter(rollout({ failed: 0.3, tookMs: 500_000 }))).toEqual([
      expect.any(Number),
      'end_failure_rate',
    ]);
  });

  it('fail early but seldom is not: quick failures among slow successes are no rate', () => {
    const quick = rollout({ failed: 0.025, tookMs: 540_000 }).map((each) =>
      each.fate === 'failed' ? { ...each, tookMs: 3000 } : each,
    );
    expect(rolledBackAfter(quick)).toBeNull();
  });

  it('cost a half more for the same is rolled back by what they cost', () => {
    expect(rolledBackAfter(rollout({ costPerUnit: 0.15 }))).toEqual([expect.any(Number), 'cost_per_unit']);
    expect(lineOf(judged(rollout({ costPerUnit: 0.115 }), 0), 'cost_per_unit')).toMatchObject({ verdict: 'ok' });
  });

  it('fewer each minute, or at a lowered share, are judged by the same rate', () => {
    const falling = rollout({ neverEnd: 0.02 }).filter(({ beganMs }, n) => beganMs < at(-1800) || n % 10 === 0);
    expect(rolledBackAfter(falling)).toBeNull();
  });
});
