import { describe, expect, it } from 'vitest';
import { at, decided, lineOf, liveState, oneLine, type SceneEvent, steady } from './scene';

const failures = (from: number, to: number) => steady(from, to, 2, { failed: true });
const failureLine = oneLine('failure_rate');

describe('held: over its line at every instant of the closed hold', () => {
  // The first window over its line ends at 10 s: healthy before, every request fails from 0 s on.
  const events = [...steady(-3600, 0, 2), ...failures(0, 3600)];

  it.each([
    [290, 280, 'breach', 'none'],
    [300, 290, 'breach', 'none'],
    [309.9, 290, 'breach', 'none'],
    [310, 300, 'held', 'rollback'],
    [320, 300, 'held', 'rollback'],
  ])('at %d s: over for %d s, %s, %s', (now, over, verdict, action) => {
    const decision = decided(
      now,
      events.filter((each) => each.atSeconds <= now),
      { policy: failureLine },
    );
    expect(lineOf(decision, 'failure_rate')).toMatchObject({ verdict, breachedForSeconds: over });
    expect(decision.action.kind).toBe(action);
  });

  it('does not act when the metric came back for one instant', () => {
    // 2 failures of 100 in a window of 300 s are on the line, 3 are over it.
    const policy = oneLine('failure_rate', { evidence: 'observed' });
    const calm = steady(-3600, 600, 3);
    const sick = [...steady(0, 10, 3, { failed: true }), ...steady(320, 340, 3, { failed: true })];
    expect(lineOf(decided(340, [...calm, ...sick], { policy }), 'failure_rate').breachedForSeconds).toBeLessThan(300);
  });

  it('is the literal rule when the policy says observed', () => {
    const scene = [...steady(-3600, 600, 6), ...steady(-150, 600, 150, { failed: true })];
    const literal = decided(600, scene, { policy: oneLine('failure_rate', { evidence: 'observed' }) });
    const confirmed = decided(600, scene, { policy: failureLine });
    expect(literal.action.kind).toBe('rollback');
    expect(lineOf(confirmed, 'failure_rate')).toMatchObject({ verdict: 'held', hindrance: 'could_be_luck' });
    expect(confirmed.action.kind).toBe('none');
  });
});

describe('on the line, just under and just over', () => {
  const share = (hits: number, n: number, hit: Partial<SceneEvent>, miss: Partial<SceneEvent> = {}) =>
    Array.from({ length: n }, (_, i) => ({ ...(i < hits ? hit : miss), atSeconds: -5 }) as SceneEvent);

  it.each([
    [19, 'ok'],
    [20, 'ok'],
    [21, 'breach'],
  ])('failure_rate > 0.02: %d of 1000 is %s', (hits, verdict) => {
    expect(lineOf(decided(0, share(hits, 1000, { failed: true })), 'failure_rate').verdict).toBe(verdict);
  });

  it.each([
    [7990, 'ok'],
    [8000, 'breach'],
    [8010, 'breach'],
  ])('p95 ≥ 8000: %d ms is %s', (latencyMs, verdict) => {
    const line = lineOf(decided(0, share(20, 20, { latencyMs })), 'p95_latency_ms');
    expect(line).toMatchObject({ verdict, comparison: '>=' });
    expect((line.value ?? 0) >= 8000).toBe(verdict === 'breach');
  });

  it.each([
    [0.0599, 'ok'],
    [0.06, 'ok'],
    [0.0601, 'breach'],
  ])('cost > 1.2 × 0.05: %d is %s', (costUsd, verdict) => {
    expect(lineOf(decided(0, share(20, 20, { costUsd })), 'cost_per_image')).toMatchObject({ verdict, limit: 0.06 });
  });

  it.each([
    [4, 'ok'],
    [5, 'ok'],
    [6, 'breach'],
  ])('vouchers > 0.05: %d of 100 is %s', (vouchers, verdict) => {
    const events = [...share(100, 100, { kind: 'generated' }), ...share(vouchers, vouchers, { kind: 'voucher' })];
    expect(lineOf(decided(0, events), 'regenerate_voucher_rate').verdict).toBe(verdict);
  });

  it('interpolates between the rows on either side exactly as percentile_cont does', () => {
    // 11 rows: rank 9.5, half-way between the tenth and the eleventh.
    const events = share(1, 11, { latencyMs: 9000 }, { latencyMs: 7000 });
    const verdict = (below: number, atOrAbove: number) =>
      lineOf(decided(0, events, { neighbours: () => ({ below, atOrAbove }) }), 'p95_latency_ms').verdict;
    expect(verdict(7000, 9000)).toBe('breach');
    expect(verdict(6999, 9000)).toBe('ok');
  });
});

describe('no data is not bad data', () => {
  it('says no_traffic without requests', () => {
    const decision = decided(0, []);
    expect(decision.lines.map((line) => line.verdict)).toEqual(Array(4).fill('no_traffic'));
    expect(decision.action.kind).toBe('none');
  });

  it('says insufficient at one request a minute', () => {
    const decision = decided(0, steady(-600, 0, 60));
    expect(lineOf(decision, 'failure_rate')).toMatchObject({ verdict: 'insufficient', n: 5 });
    expect(lineOf(decision, 'cost_per_image').verdict).toBe('insufficient');
    expect(lineOf(decision, 'regenerate_voucher_rate').verdict).toBe('insufficient');
  });

  it('calls a crossed window a breach at any n', () => {
    expect(lineOf(decided(0, [{ atSeconds: -5, failed: true }]), 'failure_rate')).toMatchObject({
      verdict: 'breach',
      n: 1,
    });
  });

  it('is insufficient without any known cost of the baseline', () => {
    const state = { ...liveState, baselineCostUsd: null };
    const decision = decided(0, steady(-600, 0, 10, { costUsd: 9 }), { state });
    expect(lineOf(decision, 'cost_per_image')).toMatchObject({ verdict: 'insufficient', limit: null });
  });

  it('says blind for what is not crossed, and does not act on what is', () => {
    expect(lineOf(decided(0, [], { blind: true }), 'failure_rate').verdict).toBe('blind');
    const decision = decided(400, failures(0, 400), { blind: true, policy: failureLine });
    expect(decision.action).toMatchObject({ kind: 'alert', hindrance: 'blind' });
  });

  it('bridges windows without requests, and is not begun by them', () => {
    const sparse = [0, 400, 800, 1200].map((atSeconds) => ({ atSeconds, failed: true }));
    const policy = oneLine('failure_rate', { evidence: 'observed' });
    expect(lineOf(decided(1200, sparse, { policy }), 'failure_rate')).toMatchObject({ verdict: 'held' });
    expect(lineOf(decided(1510, sparse, { policy }), 'failure_rate').verdict).toBe('no_traffic');
    const lone = [{ atSeconds: 1200, failed: true }];
    expect(lineOf(decided(1200, lone, { policy }), 'failure_rate').breachedForSeconds).toBe(0);
  });

  it('catches a total outage at half a request a minute', () => {
    const events = [...steady(-3600, 0, 120), ...steady(0, 1200, 120, { failed: true })];
    const first = Array.from({ length: 120 }, (_, i) => i * 10).find(
      (now) =>
        decided(
          now,
          events.filter((each) => each.atSeconds <= now),
          { policy: failureLine },
        ).action.kind === 'rollback',
    );
    expect(first).toBeLessThanOrEqual(440);
  });
});

describe('never onto a worse baseline', () => {
  const sick = [...steady(-900, 600, 2), ...steady(0, 600, 4, { failed: true })];

  it('holds when the baseline is worse on the same line', () => {
    const worse = steady(-900, 600, 2, { provider: 'fal', failed: true });
    const decision = decided(600, [...sick, ...worse], { policy: failureLine });
    expect(decision.action).toMatchObject({ kind: 'alert', hindrance: 'shared_cause' });
  });

  it('goes where it is better, and where nothing is known', () => {
    const better = steady(-900, 600, 2, { provider: 'fal' });
    expect(decided(600, [...sick, ...better], { policy: failureLine }).action.kind).toBe('rollback');
    expect(decided(600, sick, { policy: failureLine }).action.kind).toBe('rollback');
  });

  it.each([[{ configured: false, probeOk: true }], [{ configured: true, probeOk: false }]])(
    'does not go to a baseline that is %o',
    (baseline) => {
      const decision = decided(600, sick, { policy: failureLine, baseline });
      expect(decision.action).toMatchObject({ kind: 'alert', hindrance: 'baseline_unavailable' });
    },
  );

  it('has nothing to roll back at weight 0', () => {
    const state = { ...liveState, weights: { fal: 1, runware: 0 }, stage: 'rolled_back', latched: true };
    const decision = decided(600, sick, { policy: failureLine, state });
    expect(lineOf(decision, 'failure_rate')).toMatchObject({ verdict: 'held', hindrance: 'nothing_to_roll_back' });
    expect(decision.action.kind).toBe('none');
  });
});

describe('the windows', () => {
  const sick = [...steady(-900, 0, 2), ...failures(0, 310)];

  it('reach back to the rollout only', () => {
    const state = { ...liveState, rolloutStartedAtMs: at(200) };
    const line = lineOf(decided(310, sick, { policy: failureLine, state }), 'failure_rate');
    expect(line).toMatchObject({ verdict: 'breach', n: 55, breachedForSeconds: 100 });
  });

  it('do not move with a change of weights', () => {
    const state = { ...liveState, weights: { fal: 0.5, runware: 0.5 }, stage: 'D2', stageStartedAtMs: at(305) };
    expect(decided(310, sick, { policy: failureLine, state }).action.kind).toBe('rollback');
  });

  it('judge on through a pause', () => {
    const state = { ...liveState, pausedAtMs: at(100) };
    expect(decided(310, sick, { policy: failureLine, state }).action.kind).toBe('rollback');
  });
});

describe('a watchdog that was away', () => {
  const outage = [...steady(-3600, 1800, 2), ...failures(0, 900)];

  it('decides on its first tick when the line is still breached', () => {
    const now = 900;
    const events = outage.filter((each) => each.atSeconds <= now);
    expect(decided(now, events, { policy: failureLine, lastTickMs: at(-300) }).action.kind).toBe('rollback');
  });

  it('names the hold it missed when that is over, and does not roll back', () => {
    const decision = decided(1700, outage, { policy: failureLine, lastTickMs: at(-300) });
    expect(decision.action.kind).toBe('none');
    expect(decision.missed).toMatchObject([{ metric: 'failure_rate', fromMs: at(10) }]);
  });

  it('misses nothing that it saw', () => {
    expect(decided(1700, outage, { policy: failureLine, lastTickMs: at(1690) }).missed).toEqual([]);
  });
});
