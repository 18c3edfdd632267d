import { describe, expect, it } from 'vitest';
import { gridMs } from '@/lib/rule/buckets/history';
import type { ArmFacts, Repeats } from '@/lib/rule/facts';
import { firstLook } from '@/lib/rule/first-look';
import {
  at,
  decided,
  lineOf,
  liveState,
  oneLine,
  type SceneEvent,
  type SceneFacts,
  splitFacts,
  steady,
} from '@/test/rule/scene';

const policy = oneLine('failure_rate');
const failing = (events: readonly SceneEvent[], more: SceneFacts = {}) =>
  lineOf(decided(0, events, { policy, ...more }), 'failure_rate');
const fal = (events: readonly SceneEvent[]) => events.map((each) => ({ ...each, provider: 'fal' }));
/** Of requests every so many seconds each n-th fails. */
const each = (n: number, from: number, to: number, everySeconds = 1): SceneEvent[] =>
  steady(from, to, everySeconds).map((event, i) => ({ ...event, failed: i % n === 0 }));

describe('a cause that both share', () => {
  const sick = each(5, -900, 0);

  it.each([1, 2, 5, 20])('is none where the baseline has %d requests, and all are well', (rows) => {
    const theirs = fal(steady(-300, 0, 300 / rows));
    expect(failing([...sick, ...theirs])).toMatchObject({ acts: true, hindrance: null });
  });

  it('is none where five of five fail and none of five does, nor at 99 : 1', () => {
    const five = steady(-380, -30, 70).map((event) => ({ ...event, failed: true }));
    expect(failing([...five, ...fal(steady(-380, -30, 70))])).toMatchObject({ acts: true, n: 4 });
    expect(failing([...sick, ...fal(steady(-900, 0, 100))])).toMatchObject({ acts: true });
  });

  it('is one where both fail alike, and says so at once', () => {
    const both = decided(0, [...sick, ...fal(sick)], { policy });
    expect(lineOf(both, 'failure_rate')).toMatchObject({ verdict: 'shared_cause', acts: false });
    expect(both.action).toMatchObject({ kind: 'alert', hindrance: 'shared_cause' });
    const acts = decided(0, [...sick, ...fal(sick)], { policy: { ...policy, sharedCause: 'act' } });
    expect(acts.action).toMatchObject({ kind: 'rollback' });
    const literal = decided(0, [...sick, ...fal(sick)], { policy: { ...policy, evidence: 'observed' } });
    expect(literal.action).toMatchObject({ kind: 'rollback' });
  });

  it('is none where the candidate is worse beyond chance, though the baseline is over its line', () => {
    expect(failing([...each(3, -900, 0), ...fal(each(10, -900, 0))])).toMatchObject({ acts: true });
    expect(failing([...each(9, -900, 0), ...fal(each(10, -900, 0))])).toMatchObject({ verdict: 'shared_cause' });
  });

  it('is none where the candidate was sick before it made the baseline so', () => {
    const ours = [...steady(-3600, -900, 1), ...each(5, -900, 0)];
    // Twice as bad by now, so that over the whole span neither is worse: only who began tells.
    const theirs = [...steady(-3600, -420, 1), ...each(2, -420, 0)];
    expect(failing([...ours, ...fal(theirs)])).toMatchObject({ acts: true });
    const together = [...steady(-3600, -900, 1), ...each(2, -900, 0)];
    expect(failing([...ours, ...fal(together)])).toMatchObject({ verdict: 'shared_cause' });
  });

  it('is one right after a write, whatever the shares were before', () => {
    // One in ten of either fails from the write on; before it the baseline had nearly everything, and was well.
    const ours = [...steady(-3600, -400, 20), ...each(10, -400, 0, 1)];
    const theirs = [...steady(-3600, -400, 1), ...each(10, -400, 0, 1)];
    const more = { weightsChangedAtMs: [at(-400)] };
    expect(failing([...ours, ...fal(theirs)], more)).toMatchObject({ verdict: 'shared_cause' });
  });

  it('is compared within each span of constant shares', () => {
    // Until the write the baseline had a hundred times as many rows, all well: together they would make it look better.
    const ours = [...steady(-3600, -400, 20), ...each(5, -400, 0)];
    const theirs = fal([...steady(-3600, -400, 0.2), ...each(5, -400, 0)]);
    const verdictOf = (more: SceneFacts) => failing([...ours, ...theirs], more).verdict;
    expect(verdictOf({ weightsChangedAtMs: [at(-400)] })).toBe('shared_cause');
    expect(verdictOf({ weightsChangedAtMs: [] })).toBe('held');
  });

  it('is none once it has stood for a quarter of an hour with the candidate somewhat worse all along', () => {
    const since = (n: number, from: number) => [...steady(-3600, from, 1), ...each(n, from, 0)];
    expect(failing([...since(7, -1200), ...fal(since(9, -1200))])).toMatchObject({ verdict: 'shared_cause' });
    expect(failing([...since(7, -1800), ...fal(since(9, -1800))])).toMatchObject({ acts: true });
    expect(failing([...since(8, -1800), ...fal(since(9, -1800))])).toMatchObject({ verdict: 'shared_cause' });
  });

  it('may soon be known: a baseline over its line has a hold’s time to be so by evidence', () => {
    const theirs = fal([...steady(-1800, -400, 20), ...each(8, -400, 0, 24)]);
    const young = [...steady(-1800, -330, 10), ...each(4, -330, 0, 10)];
    expect(failing([...young, ...theirs])).toMatchObject({ verdict: 'shared_cause' });
    // With evidence that was complete a hold ago it has had that time.
    const old = [...steady(-1800, -900, 10), ...each(4, -900, 0, 10)];
    expect(failing([...old, ...theirs])).toMatchObject({ acts: true });
  });

  it('is one while the baseline happens to be back first, until the candidate is worse than it', () => {
    const until = (end: number, everySeconds: number) => [
      ...steady(-3600, -1200, everySeconds),
      ...each(3, -1200, end, everySeconds),
      ...steady(end, 0, everySeconds),
    ];
    const theirs = fal(until(-160, 6));
    expect(failing([...until(0, 50), ...theirs])).toMatchObject({ verdict: 'shared_cause' });
    expect(failing([...until(0, 6), ...theirs])).toMatchObject({ acts: true });
  });

  it('takes more than two bad rows of the baseline, however few rows it has', () => {
    const theirs = (bad: number) =>
      fal(steady(-400, 0, 40).map((event, i) => ({ ...event, failed: i % 3 === 0 && i / 3 < bad })));
    expect(failing([...sick, ...theirs(2)])).toMatchObject({ acts: true });
    expect(failing([...sick, ...theirs(3)])).toMatchObject({ verdict: 'shared_cause' });
  });
});

describe('a sickness that comes and goes', () => {
  /** Dead for so many seconds of each period, since an hour ago. */
  const dead = (seconds: number, period: number, until = 0) =>
    steady(-3600, 0, 2).map((event) => {
      const isDead = event.atSeconds <= until && (event.atSeconds + 3600) % period < seconds;
      return { ...event, failed: isDead };
    });

  it('acts on two minutes in ten, and on one in six', () => {
    expect(failing(dead(120, 600))).toMatchObject({ acts: true, evidence: { pattern: 'comes_and_goes' } });
    expect(failing(dead(60, 360))).toMatchObject({ acts: true, evidence: { pattern: 'comes_and_goes' } });
  });

  it('is not one outage that is over, long or short, nor one minute in an hour and a half', () => {
    const once = (from: number, to: number) =>
      steady(-3600, 0, 2).map((event) => ({ ...event, failed: event.atSeconds > from && event.atSeconds <= to }));
    for (const [from, to] of [
      [-2400, -2340],
      [-2400, -1800],
      [-2400, -900],
    ] as const)
      expect(failing(once(from, to))).toMatchObject({ acts: false });
    expect(failing(dead(60, 5400))).toMatchObject({ acts: false });
  });

  it('is no pattern in the first minutes of a rollout', () => {
    const state = { ...liveState, rolloutStartedAtMs: at(-600) };
    const young = steady(-600, 0, 2).map((event) => ({ ...event, failed: event.atSeconds % 200 > -60 }));
    expect(failing(young, { state }).evidence?.pattern).not.toBe('comes_and_goes');
  });
});

describe('what comes together', () => {
  it('is less evidence than its number says', () => {
    // Twenty of fifty in one burst of ten seconds, as a batch that shares its fate, and another long before.
    const batch = (second: number) => steady(second - 10, second, 0.5).map((event) => ({ ...event, failed: true }));
    const batches = [...steady(-1800, 0, 2), ...batch(-330), ...batch(-60)];
    const said = failing(batches);
    expect(said.value).toBeGreaterThan(0.05);
    expect(said).toMatchObject({ acts: false });
    expect(said.evidence?.dispersion).toBeGreaterThan(3);
  });

  const loop = [...steady(-900, 0, 1), ...steady(-900, 0, 12).map((event) => ({ ...event, failed: true }))];
  const asked: Parameters<ArmFacts['repeats']>[0][] = [];
  const lookup = (sums: (rows: number) => Repeats): ArmFacts['repeats'] => {
    return (span) => {
      asked.push(span);
      return sums(Math.floor((Math.min(span.toMs, at(0)) - Math.max(span.fromMs, at(-900))) / 12_000));
    };
  };

  it('as one user’s loop is that user’s', () => {
    expect(failing(loop)).toMatchObject({ acts: true });
    const one = lookup((n) => ({ rows: n, rowsSquared: n * n, hitsSquared: n * n, hitsTimesRows: n * n }));
    expect(failing(loop, { repeats: one })).toMatchObject({ acts: false, hindrance: 'could_be_luck' });
    // Of as many users as rows it is everybody's.
    const many = lookup((n) => ({ rows: n, rowsSquared: n, hitsSquared: n, hitsTimesRows: n }));
    expect(failing(loop, { repeats: many })).toMatchObject({ acts: true });
    expect(
      asked.every(
        ({ role, limitMs, partSinceMs, fromMs }) => role === 'candidate' && limitMs === null && partSinceMs <= fromMs,
      ),
    ).toBe(true);
  });

  it('is asked for only where it could matter', () => {
    const facts = splitFacts(0, loop, { policy });
    const looked = firstLook(facts);
    expect(looked.spans.length).toBeGreaterThan(0);
    expect(looked.decision.action.kind).toBe('rollback');
    const well = splitFacts(0, steady(-900, 0, 1), { policy });
    expect(firstLook(well)).toMatchObject({ spans: [], needsUsers: [] });
  });
});

describe('the early warning', () => {
  const warning = { sinceMs: at(-3600), quartilesMs: [1500, 2000, 3000] as const };
  const slow = (latencyMs: number): SceneEvent[] =>
    steady(-3600, 0, 1).map((event, i) => ({ ...event, latencyMs: latencyMs * (0.6 + (i % 7) / 8) }));

  it('says since when the candidate is slower than the baseline beyond chance, and blocks nothing else', () => {
    const decision = decided(0, [...slow(3200), ...fal(slow(2000))], { warning });
    expect(decision.warnings.map(({ metric }) => metric)).toEqual(['p95_latency_ms']);
    const [warned] = decision.warnings;
    expect(warned?.odds).toBeGreaterThanOrEqual(2000);
    expect((warned?.sinceMs ?? 0) - at(-3600)).toBeLessThan(600_000);
    expect((warned?.sinceMs ?? 0) % gridMs).toBe(0);
    expect(decision.action).toEqual({ kind: 'none' });
  });

  it('says nothing where both are alike, or where it has not begun', () => {
    expect(decided(0, [...slow(2000), ...fal(slow(2000))], { warning }).warnings).toEqual([]);
    expect(decided(0, [...slow(3200), ...fal(slow(2000))]).warnings).toEqual([]);
  });

  it('is believed only where the first rows of all users say so too', () => {
    const rows = [...slow(3200), ...fal(slow(2000))];
    const facts = splitFacts(0, rows, { warning });
    expect(firstLook(facts).needsUsers).toEqual(['runware']);
    expect(decided(0, rows, { warning, users: () => ({ buckets: [] }) }).warnings).toEqual([]);
  });

  it('tolerates what the policy tolerates', () => {
    const ours = each(40, -3600, 0);
    const theirs = fal(each(80, -3600, 0));
    const metrics = (warningTolerance: number) =>
      decided(0, [...ours, ...theirs], { warning, policy: { ...policy, warningTolerance } }).warnings.length;
    expect(metrics(1)).toBe(0);
    expect(metrics(0)).toBeGreaterThanOrEqual(metrics(1));
  });
});

describe('a cold start', () => {
  const p95 = oneLine('p95_latency_ms');
  const state = { ...liveState, rolloutStartedAtMs: at(-600) };
  const cold = (slowUntil: number) =>
    steady(-600, 0, 30).map((event) => ({ ...event, latencyMs: event.atSeconds <= slowUntil ? 20_000 : 1000 }));

  it('does not count against p95, unless it goes on', () => {
    const at330 = (slowUntil: number) =>
      lineOf(
        decided(
          -270,
          cold(slowUntil).filter(({ atSeconds }) => atSeconds <= -270),
          { policy: p95, state },
        ),
        'p95_latency_ms',
      );
    expect(at330(-420)).toMatchObject({ acts: false });
    expect(lineOf(decided(0, cold(0), { policy: p95, state }), 'p95_latency_ms')).toMatchObject({ acts: true });
  });
});

describe('a rate that is the line’s own', () => {
  it('is not over it, however sure it is to be over the half', () => {
    const line = each(40, -3600, 0, 1);
    const said = failing(line);
    expect(said.value).toBeGreaterThan(0.02);
    expect(said).toMatchObject({ verdict: 'held', acts: false, hindrance: 'could_be_on_the_line' });
    expect(said.evidence?.chance).toBeLessThan(1e-4);
  });
});
