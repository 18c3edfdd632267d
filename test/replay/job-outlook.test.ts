import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assumedHabits, badShare, type JobHabits, type JobOutlook, jobOutlooks } from '@/lib/replay/job-outlook';
import { firstRollback, simulatedFacts } from '@/lib/replay/simulate/simulated-rollout';
import { gridMs, plainBasis } from '@/lib/rule/buckets/history';
import { decide } from '@/lib/rule/decide';
import { firstArm, type Policy, type Stage } from '@/lib/split/policy/policy';
import { usualPlan } from '@/lib/split/policy/usual-plan';
import { type JobStory, jobBuckets } from '@/test/support/job-stories';
import { historyOf } from '../support/histories';

const minuteMs = 60_000;
const plan = usualPlan('old', ['new'], 'job');
const d1 = plan.stages[0] as Stage;
const habitsAt = (orders_per_minute: number, change: Partial<JobHabits> = {}): JobHabits => ({
  ...assumedHabits(plan, orders_per_minute),
  ...{ p50_ms: 90_000, cost_usd: 0.35 },
  ...change,
});
const outlookOf = (policy: Policy, stage: Stage, habits: JobHabits) =>
  jobOutlooks(policy, stage, habits)[0] as JobOutlook;

/** Jobs that come like a clock, of which every third or fourth ends so. */
function ordersOf(rate: number, minutes: number, bad: JobStory['fate']): JobStory[] {
  const badUpTo = (jobs: number) => Math.floor(jobs * badShare + 1e-9);
  return Array.from({ length: Math.floor(rate * minutes) }, (_, n) => ({
    ...{ arm: 'new', beganMs: Math.round(((n + 1) / rate) * minuteMs), answeredAfterMs: 1, tookMs: 90_000 },
    ...{ fate: badUpTo(n + 1) > badUpTo(n) ? bad : 'done', costPerUnit: null, pinned: false, rescued: false },
  }));
}

/** What is known of them at an instant. */
function factsAt(policy: Policy, stage: Stage, orders: readonly JobStory[], at: number) {
  const buckets = jobBuckets(orders, at * gridMs);
  const history = historyOf(buckets, firstArm(policy), 0, at * gridMs, { ...plainBasis, floorMs: 0 });
  return { ...simulatedFacts(policy, stage, { new: history }, 1), nowMs: at * gridMs };
}

const rollsBack = (policy: Policy, stage: Stage, orders: readonly JobStory[]) => (at: number) =>
  decide(factsAt(policy, stage, orders, at)).action.kind === 'rollback';
const isOk = (policy: Policy, stage: Stage, orders: readonly JobStory[]) => (at: number) =>
  decide(factsAt(policy, stage, orders, at)).lines.every(
    ({ metric, verdict }) => !['end_failure_rate', 'p95_time_to_done_ms'].includes(metric) || verdict === 'ok',
  );

const judging = fc.record({
  perMinute: fc.double({ min: 0.7, max: 20, noNaN: true }),
  limitMinutes: fc.integer({ min: 3, max: 30 }),
  holdMinutes: fc.integer({ min: 5, max: 15 }),
});

function policyOf({ limitMinutes, holdMinutes }: { limitMinutes: number; holdMinutes: number }): Policy {
  const redLines = plan.redLines.flatMap((line) => {
    if (line.metric === 'end_failure_rate') return [{ ...line, holdSeconds: holdMinutes * 60 }];
    if (line.metric !== 'p95_time_to_done_ms') return [];
    return [{ ...line, limit: limitMinutes * minuteMs, holdSeconds: holdMinutes * 60 }];
  });
  return { ...plan, redLines };
}

describe('how long until the ends of jobs can be judged', () => {
  it('is what the rule itself takes to roll a bad candidate back, and to call a good one ok', () => {
    fc.assert(
      fc.property(judging, ({ perMinute, ...lines }) => {
        // In the newer half of a shorter hold there may be none that is bad, and what has recovered is not rolled back.
        fc.pre(perMinute * lines.holdMinutes >= 7);
        const policy = policyOf(lines);
        const stage = { ...d1, weights: { old: 0.5, new: 0.5 }, observeSeconds: 86_400 };
        const told = outlookOf(policy, stage, habitsAt(perMinute * 2));
        const minutes = (told.known_after_minutes ?? 0) + 15;
        const slack = Math.ceil((3 / perMinute) * 6) + 3;
        const hang = ordersOf(perMinute, minutes, 'runs');
        const slow = firstRollback(factsAt(policy, stage, hang, minutes * 6), 1, minutes * 6);
        const late = (slow?.at ?? 0) - (told.slow_after_minutes ?? 0) * 6;
        expect([late > -3, late < slack, late]).toEqual([true, true, late]);
        const fail = rollsBack(policy, stage, ordersOf(perMinute, minutes, 'failed'));
        const failing = Math.floor((told.failing_after_minutes ?? 0) * 6);
        const grid = Array.from({ length: slack + 1 }, (_, n) => failing + n);
        expect([fail(failing - 4), grid.some(fail)]).toEqual([false, true]);
        const ok = isOk(policy, stage, ordersOf(perMinute, minutes, 'done'));
        const first = Math.ceil((lines.limitMinutes + 10 / perMinute) * 6);
        expect([ok(first - 2), ok(Math.ceil((told.known_after_minutes ?? 0) * 6))]).toEqual([false, true]);
      }),
      { seed: 16, numRuns: 40 },
    );
  });

  it('names a share and a length that are enough, and no percent or minute more', () => {
    const stages = fc.record({
      orders: fc.double({ min: 0.2, max: 60, noNaN: true }),
      minutes: fc.integer({ min: 5, max: 90 }),
    });
    fc.assert(
      fc.property(judging, stages, (lines, { orders, minutes }) => {
        const policy = policyOf(lines);
        const at = (share: number, length = minutes) => {
          const stage = { ...d1, weights: { old: 1 - share, new: share }, observeSeconds: length * 60 };
          return outlookOf(policy, stage, habitsAt(orders));
        };
        const told = at(0.1);
        const { shortage, known_after_minutes: known } = told;
        expect(shortage === null).toBe(known !== null && known <= minutes);
        // More of the traffic is never known later.
        expect(at(0.2).known_after_minutes ?? 1e9).toBeLessThanOrEqual(known ?? 1e9);
        if (shortage?.share != null) {
          expect(at(shortage.share).shortage).toBeNull();
          expect(at(shortage.share - 0.01).shortage).not.toBeNull();
        } else if (shortage !== null) expect(at(1).shortage).not.toBeNull();
        if (shortage?.of !== 'stage') return;
        expect(at(0.1, shortage.minutes ?? 0).shortage).toBeNull();
        expect(at(0.1, (shortage.minutes ?? 0) - 1).shortage).not.toBeNull();
      }),
      { seed: 16, numRuns: 300 },
    );
  });

  it('is never where too few jobs come in a window, which the rule calls insufficient all along', () => {
    const told = outlookOf(plan, d1, habitsAt(5));
    expect(told).toMatchObject({ known_after_minutes: null, lost_jobs: 30, shortage: { of: 'window', minutes: 20 } });
    expect(told.lost_usd).toBeCloseTo(10.5);
    const ok = isOk(plan, d1, ordersOf(0.5, 60, 'done'));
    expect([120, 240, 360].map(ok)).toEqual([false, false, false]);
    expect(outlookOf(plan, d1, habitsAt(0))).toMatchObject({ shortage: { share: null, minutes: null } });
  });

  it('is no rollback where a line only signals: what is lost, is lost until the stage ends', () => {
    const [stage, habits] = [{ ...d1, weights: { old: 0.5, new: 0.5 }, observeSeconds: 86_400 }, habitsAt(40)];
    const signalling = (metric: string) =>
      plan.redLines.map((line) => (line.metric === metric ? { ...line, action: 'signal' as const } : line));
    const usual = outlookOf(plan, stage, habits);
    const lost = { lost_jobs: 20 * 1440, lost_usd: expect.closeTo(20 * 1440 * 0.35) };
    for (const [metric, figure] of [
      ['end_failure_rate', 'failing_after_minutes'],
      ['p95_time_to_done_ms', 'slow_after_minutes'],
    ] as const) {
      const policy = { ...plan, redLines: signalling(metric) };
      expect(outlookOf(policy, stage, habits)).toEqual({ ...usual, ...lost, [figure]: null });
      expect(outlookOf(policy, { ...stage, observeSeconds: null }, habits)).toMatchObject({ lost_jobs: null });
      const orders = ordersOf(20, 60, metric === 'end_failure_rate' ? 'failed' : 'runs');
      const rolled = [plan, policy].map((each) => rollsBack(each, stage, orders)(360));
      expect([metric, rolled]).toEqual([metric, [true, false]]);
    }
  });

  it('says that the limit is what jobs take anyway, where their history says so', () => {
    const usual = (change: Partial<JobHabits>) => outlookOf(plan, d1, habitsAt(50, change)).limit_is_usual;
    expect(usual({ basis: 'history', jobs: 40, p95_ms: 599_000 })).toBe(false);
    expect(usual({ basis: 'history', jobs: 40, p95_ms: 600_000 })).toBe(true);
    expect(usual({ basis: 'history', jobs: 40, p95_ms: null })).toBe(true);
    expect(usual({ basis: 'history', jobs: 9, p95_ms: null })).toBe(false);
    expect(jobOutlooks(usualPlan('old', ['new']), d1, habitsAt(50))).toEqual([]);
  });
});
