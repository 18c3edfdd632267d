import { describe, expect, it } from 'vitest';
import type { ReplayReport } from '@/lib/replay/replay-report';
import { reportLines } from '@/scripts/sluice/commands/rollout/replay';
import { at, isoAt, oneLine, replayed, rowOf, type SceneEvent, steady, weightsRow } from '@/test/rule/scene';

const d1 = (seconds: number) => weightsRow(seconds, '{"fal":0.9,"runware":0.1}');
const rows = (...scenes: SceneEvent[][]) => scenes.flat().map((event) => rowOf(event));
const policy = oneLine('failure_rate');
const failing = (lines: readonly string[], more: Parameters<typeof replayed>[1] = {}) =>
  replayed(lines, { policy, ...more });
const told = (report: ReplayReport) => report.verdicts.map((each) => [each.at, each.verdict, each.hindrance]);

describe('a replay tells', () => {
  const lines = [d1(-600), ...rows(steady(-600, 0, 2), steady(0, 400, 2, { failed: true }), steady(400, 900, 2))];

  it('every change of a verdict, at the tick that saw it', () => {
    const report = failing(lines);
    expect(told(report)).toEqual([
      [isoAt(-600), 'no_traffic', null],
      [isoAt(-590), 'insufficient', null],
      [isoAt(-580), 'ok', null],
      [isoAt(10), 'breach', null],
      [isoAt(310), 'held', null],
      [isoAt(320), 'held', 'nothing_to_roll_back'],
      [isoAt(700), 'ok', null],
    ]);
    const held = report.verdicts.find((each) => each.at === isoAt(310));
    expect(held).toMatchObject({
      ...{ red_line: 'failure_rate', acts: true, value: 1, limit: 0.02, n: 150, breached_for_seconds: 300 },
      explanation: expect.stringMatching(/^runware failure rate is 100 % .* so it rolls runware back\.$/),
    });
    expect(held?.chance).toBeLessThan(1e-9);
    expect(report.verdicts[0]).toMatchObject({ chance: null, value: null, n: 0, acts: false });
  });

  it('the rollback, the first as the one and all of them in order', () => {
    const again = [...lines, d1(900), ...rows(steady(900, 1300, 2, { failed: true }))];
    const report = failing(again);
    expect([report.rollback_at, report.red_line]).toEqual([isoAt(310), 'failure_rate']);
    expect(report.rollbacks.map((each) => [each.at, each.red_line])).toEqual([
      [isoAt(310), 'failure_rate'],
      [isoAt(1210), 'failure_rate'],
    ]);
    expect(report.rollbacks[0]?.explanation).toBe(report.verdicts.find((each) => each.acts)?.explanation);
  });

  it('what it read: span, rows, lines, writes and faults', () => {
    const report = failing([...lines, '{bad', '{"event_type":"x","event_data":{},"created_at":"2026-03-02"}']);
    expect(report).toMatchObject({
      ...{ from: isoAt(-600), to: isoAt(900), events: 750, lines: 753, policy: 'default' },
      bad_lines: { count: 1, first: [{ line: 752, fault: '{bad is not JSON' }] },
      flag_writes: [{ at: isoAt(-600), flag_key: 'GEN_PROVIDER_WEIGHTS', stage: 'D1', fault: null }],
    });
    expect(failing(lines, { policySource: 'given' }).policy).toBe('given');
  });

  it('how many of its events the live rule would not have judged by', () => {
    expect(failing(lines)).not.toHaveProperty('backfilled');
    const late = { failed: true, atSeconds: 890 } as SceneEvent;
    const row = JSON.parse(rowOf(late));
    row.event_data.backfilled = true;
    const report = failing([...lines, JSON.stringify(row), JSON.stringify(row)]);
    expect(report).toMatchObject({ events: 752, backfilled: 2 });
    expect(reportLines(report)).toContain(
      '2 of the events are backfilled: this replay counts them, the live rule does not.',
    );
  });

  it('what became of each write', () => {
    const flag = (flag_key: string, flag_value_text: string | null, seconds: number) =>
      JSON.stringify({ flag_key, flag_value_text, updated_at: isoAt(seconds) });
    const report = failing([
      flag('GEN_ROLLOUT_POLICY', '{"minRequests":-1}', 40),
      d1(0),
      weightsRow(10, '{"fal":2,"runware":0}'),
      weightsRow(20, '{"fal":0.8,"runware":0.2}'),
      JSON.stringify({ ...JSON.parse(flag('GEN_PROVIDER_WEIGHTS', null, 25)), actor: 'sql:authenticator' }),
      flag('OTHER', 'true', 30),
      weightsRow(50, '{"fal":1,"runware":0}'),
      flag('GEN_ROLLOUT_POLICY', null, 60),
    ]);
    expect(report.flag_writes.map((each) => [each.at, each.flag_key, each.stage])).toEqual([
      [isoAt(0), 'GEN_PROVIDER_WEIGHTS', 'D1'],
      [isoAt(10), 'GEN_PROVIDER_WEIGHTS', null],
      [isoAt(20), 'GEN_PROVIDER_WEIGHTS', 'custom'],
      [isoAt(25), 'GEN_PROVIDER_WEIGHTS', null],
      [isoAt(30), 'OTHER', 'custom'],
      [isoAt(40), 'GEN_ROLLOUT_POLICY', null],
      [isoAt(50), 'GEN_PROVIDER_WEIGHTS', 'rolled_back'],
      [isoAt(60), 'GEN_ROLLOUT_POLICY', 'rolled_back'],
    ]);
    expect(report.flag_writes[1]?.fault).toContain('the weight of fal is 2');
    expect(report.flag_writes[3]?.fault).toBe('the row was deleted by sql:authenticator');
    expect(report.flag_writes[5]?.fault).toContain('minRequests');
    expect(report.policy).toBe('recorded');
    const given = failing([d1(0), flag('GEN_ROLLOUT_POLICY', '{"minRequests":5}', 10)], { policySource: 'given' });
    expect(given.flag_writes[1]?.fault).toBe('the replay judges by the policy it was given');
  });

  it('the policy of the default again once a recorded one is deleted', () => {
    const flag = (text: string | null, seconds: number) =>
      JSON.stringify({ flag_key: 'GEN_ROLLOUT_POLICY', flag_value_text: text, updated_at: isoAt(seconds) });
    const lax = '{"redLines":[{"metric":"failure_rate","limit":0.9,"window":"5m","hold":"5m"}]}';
    const sick = [d1(-600), ...rows(steady(-600, 0, 2), steady(0, 900, 4, { failed: true }), steady(1, 900, 4))];
    expect(failing([...sick, flag(lax, -600)]).rollback_at).toBeNull();
    const deleted = failing([...sick, flag(lax, -600), flag(null, 100)], { fallbackPolicy: policy });
    // Two failures of 151 rows at 10 s are within the line, at 20 s they are not.
    expect(deleted.rollback_at).toBe(isoAt(320));
  });
});

describe('a replay begins', () => {
  it('at the first row or write, on the grid after it', () => {
    const early = failing([d1(-33), ...rows([{ atSeconds: 44.2 }])]);
    expect([early.from, early.to]).toEqual([isoAt(-30), isoAt(50)]);
    const rowFirst = failing([...rows([{ atSeconds: -44.2 }]), d1(3)]);
    expect([rowFirst.from, rowFirst.to]).toEqual([isoAt(-40), isoAt(10)]);
  });

  it('and ends at --until, on the grid before it', () => {
    const lines = [d1(-600), ...rows(steady(-600, 600, 10))];
    expect(failing(lines, { untilMs: at(99) })).toMatchObject({ to: isoAt(90), events: 69 });
    expect(failing(lines, { untilMs: at(900) }).to).toBe(isoAt(900));
    expect(failing(lines, { untilMs: at(-601) })).toMatchObject({ from: null, to: null, verdicts: [] });
    expect(failing([...lines, d1(500)], { untilMs: at(99) }).flag_writes).toHaveLength(1);
  });
});

describe('a rollout in a replay freezes', () => {
  it('the mean cost of the baseline over the day before, and not of the day before that', () => {
    const lines = (more: SceneEvent[]) => [
      ...rows(steady(-90_000, -86_420, 10, { provider: 'fal', costUsd: 9 }), more),
      ...[d1(0), ...rows(steady(0, 900, 10, { costUsd: 0.0599 }))],
    ];
    const cost = { policy: oneLine('cost_per_image') };
    const last = (more: SceneEvent[]) => replayed(lines(more), cost).verdicts.at(-1);
    expect(last(steady(-600, 0, 10, { provider: 'fal', costUsd: 0.05 }))).toMatchObject({ limit: 0.06, verdict: 'ok' });
    expect(last([])).toMatchObject({ limit: null, verdict: 'insufficient' });
    expect(replayed(lines([]), { ...cost, environmentCostUsd: 0.04 }).verdicts.at(-1)).toMatchObject({ limit: 0.048 });
  });

  it('nothing anew when the stage only goes on', () => {
    const lines = [
      ...rows(steady(-600, 0, 10, { provider: 'fal', costUsd: 0.05 })),
      ...[d1(0), weightsRow(300, '{"fal":0.5,"runware":0.5}')],
      ...rows(steady(0, 900, 10, { provider: 'fal', costUsd: 0.055 }), steady(0, 900, 10, { costUsd: 0.0601 })),
    ];
    expect(replayed(lines, { policy: oneLine('cost_per_image') })).toMatchObject({ red_line: 'cost_per_image' });
  });
});

describe('late rows', () => {
  it('change the windows that they belong to, from when they arrive', () => {
    const late = steady(-300, 0, 2, { failed: true }).map((event) => rowOf(event, { arrived_at: isoAt(600) }));
    const lines = [d1(-600), ...rows(steady(-600, 900, 2)), ...late];
    const report = failing(lines);
    expect(report.rollback_at).toBeNull();
    expect(report.verdicts.every((each) => each.at < isoAt(600) || each.verdict !== 'held')).toBe(true);
    const running = [d1(-600), ...rows(steady(-600, 0, 2), steady(0, 900, 2, { failed: true })), ...late];
    expect(failing(running).rollback_at).toBe(isoAt(310));
    const inTime = steady(-300, 0, 2, { failed: true }).map((event) => rowOf(event, { arrived_at: isoAt(50) }));
    expect(failing([d1(-600), ...rows(steady(0, 900, 2, { failed: true })), ...inTime]).rollback_at).toBe(isoAt(50));
  });

  it('give the latencies that had arrived, of the provider and the span that are asked about', () => {
    const p95 = { policy: oneLine('p95_latency_ms') };
    const lines = [
      d1(-600),
      ...rows(steady(-600, -300, 10, { latencyMs: 60_000 }), steady(-300, 0, 10, { latencyMs: 3000 })),
      ...rows(steady(-300, 0, 10, { provider: 'fal', latencyMs: 20_000 }), steady(-300, 0, 10, { kind: 'generated' })),
      ...rows([
        { atSeconds: 0, failed: true, latencyMs: 5000 },
        { atSeconds: 0, latencyMs: null },
      ]),
    ];
    const last = replayed(lines, { ...p95, untilMs: at(0) }).verdicts.at(-1);
    expect(last).toMatchObject({ verdict: 'ok', n: 30 });
    expect(last?.value).toBe(3000);
    const high = [d1(-600), ...rows(steady(-300, 0, 20, { latencyMs: 7900 }), [{ atSeconds: 0, latencyMs: 9000 }])];
    // 16 rows: rank 14.25 is a quarter of the way from 7,900 to 9,000.
    expect(replayed(high, { ...p95, untilMs: at(0) }).verdicts.at(-1)).toMatchObject({
      verdict: 'breach',
      n: 16,
      value: 8175,
    });
  });
});
