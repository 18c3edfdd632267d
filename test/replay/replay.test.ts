import { describe, expect, it } from 'vitest';
import { at, isoAt, replayed, rowOf, steady, weightsRow } from '@/test/rule/scene';

const d1 = weightsRow(-3600, '{"fal":0.9,"runware":0.1}');
const rows = (...scenes: ReturnType<typeof steady>[]) => scenes.flat().map((event) => rowOf(event));
const shuffled = (lines: readonly string[]) =>
  [...lines].sort((a, b) => ((a.length * 7 + hash(a)) % 101) - ((b.length * 7 + hash(b)) % 101));
const hash = (text: string) => [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 100_003, 7);

describe('replay', () => {
  it.each([
    [290, null],
    [300, null],
    [310, isoAt(310)],
    [400, isoAt(310)],
  ])('failures that last %d s roll back at %s', (lasting, rollbackAt) => {
    const report = replayed([d1, ...rows(steady(-3600, 0, 2), steady(0, lasting, 2, { failed: true }))]);
    expect(report.rollback_at).toBe(rollbackAt);
    expect(report.red_line).toBe(rollbackAt === null ? null : 'failure_rate');
  });

  it('does not act on one bad minute that is long over', () => {
    const lines = [d1, ...rows(steady(-3600, 0, 2), steady(0, 60, 2, { failed: true }), steady(60, 1800, 2))];
    const report = replayed(lines);
    expect(report.rollback_at).toBeNull();
    expect(report.verdicts.some((each) => each.verdict === 'held' && each.hindrance === 'recovered')).toBe(true);
  });

  it('is not delayed by a change of weights mid-breach', () => {
    const events = rows(steady(-3600, 0, 2), steady(0, 400, 2, { failed: true }));
    expect(replayed([d1, ...events, weightsRow(200, '{"fal":0.5,"runware":0.5}')]).rollback_at).toBe(isoAt(310));
  });

  it('takes lines in any order', () => {
    const lines = [d1, ...rows(steady(-600, 0, 2), steady(0, 400, 2, { failed: true }))];
    expect(replayed(shuffled(lines))).toEqual(replayed(lines));
  });

  it('starts with a live candidate when the recording writes no flag', () => {
    expect(replayed(rows(steady(-600, 0, 2), steady(0, 400, 2, { failed: true }))).rollback_at).toBe(isoAt(310));
  });

  it('starts with a live candidate when the first write takes it out', () => {
    const lines = [...rows(steady(0, 600, 2, { failed: true })), weightsRow(500, '{"fal":1,"runware":0}')];
    expect(replayed(lines).rollback_at).toBe(isoAt(310));
  });

  it('has nothing to roll back before the candidate is live', () => {
    const lines = [...rows(steady(0, 600, 2, { failed: true })), weightsRow(590, '{"fal":0.9,"runware":0.1}')];
    expect(replayed(lines).rollback_at).toBeNull();
  });

  it('counts what had arrived by then', () => {
    const late = { arrived_at: isoAt(500) };
    const lines = [
      d1,
      ...rows(steady(-3600, 0, 2)),
      ...steady(0, 310, 2, { failed: true }).map((event) => rowOf(event, late)),
      ...rows(steady(310, 600, 2, { failed: true })),
    ];
    expect(replayed(lines).rollback_at).toBe(isoAt(500));
  });

  it('stops at --until', () => {
    const lines = [d1, ...rows(steady(-3600, 0, 2), steady(0, 400, 2, { failed: true }))];
    expect(replayed(lines, { untilMs: at(309) }).rollback_at).toBeNull();
    expect(replayed(lines, { untilMs: at(310) }).rollback_at).toBe(isoAt(310));
  });

  it('ignores retries, content refusals and values that lie', () => {
    const lies = [
      { attempt: 2, error: 'x' },
      { refused: true },
      { latency_ms: '9000' },
      { latency_ms: -1 },
      { latency_ms: 1e308 },
    ];
    const lines = lies.flatMap((lie) =>
      steady(0, 400, 4).map(({ atSeconds }) =>
        JSON.stringify({
          event_type: 'gen_route',
          event_data: { provider: 'runware', ...lie },
          created_at: isoAt(atSeconds),
        }),
      ),
    );
    const report = replayed(lines);
    expect(report.rollback_at).toBeNull();
    expect(report.verdicts.some((each) => each.verdict === 'breach')).toBe(false);
  });

  it('counts and names bad lines and refused writes', () => {
    const report = replayed([
      '{bad',
      '[]',
      '{"x":1}',
      '{"event_type":"gen_ok","event_data":{}}',
      '',
      weightsRow(0, '{"fal":2}'),
      d1,
    ]);
    expect(report.bad_lines.count).toBe(4);
    expect(report.bad_lines.first.map((each) => each.line)).toEqual([1, 2, 3, 4]);
    expect(report.flag_writes.map((each) => each.fault === null)).toEqual([true, false]);
  });

  it('uses the policy that is recorded, from then on', () => {
    const policy = { redLines: [{ metric: 'failure_rate', limit: 0.5, window: '1m', hold: '1m' }] };
    const write = JSON.stringify({
      flag_key: 'GEN_ROLLOUT_POLICY',
      flag_value_text: JSON.stringify(policy),
      updated_at: isoAt(-3600),
    });
    const lines = [d1, write, ...rows(steady(-3600, 0, 2), steady(0, 400, 2, { failed: true }))];
    expect(replayed(lines)).toMatchObject({ rollback_at: isoAt(100), policy: 'recorded' });
  });

  it('judges by the policy it is given, whatever was recorded', () => {
    const strict = { redLines: [{ metric: 'failure_rate', limit: 0.5, window: '1m', hold: '1m' }] };
    const write = { flag_key: 'GEN_ROLLOUT_POLICY', flag_value_text: JSON.stringify(strict), updated_at: isoAt(-3600) };
    const lines = [d1, JSON.stringify(write), ...rows(steady(-3600, 0, 2), steady(0, 400, 2, { failed: true }))];
    expect(replayed(lines, { policySource: 'given' })).toMatchObject({ rollback_at: isoAt(310), policy: 'given' });
  });

  it('goes on acting on a mild, steady sickness', () => {
    // Every 25th request of ten a minute: 4 %, and exactly one in the newer half of each hold.
    const lines = [d1, ...rows(steady(-3600, 0, 6), steady(0, 7200, 6), steady(0, 7200, 150, { failed: true }))];
    expect(replayed(lines).red_line).toBe('failure_rate');
  });

  it('judges vouchers that name a request by who made it', () => {
    const made = steady(0, 3000, 5).map(({ atSeconds }, i) =>
      JSON.stringify({
        event_type: 'gen_ok',
        event_data: { provider: 'runware', request_id: `r${i}` },
        created_at: isoAt(atSeconds),
      }),
    );
    const vouchers = steady(0, 3000, 25).map(({ atSeconds }, i) =>
      JSON.stringify({
        event_type: 'voucher_issued',
        event_data: { reason: 'regenerate', request_id: `r${i}` },
        created_at: isoAt(atSeconds),
      }),
    );
    expect(replayed([...made, ...vouchers])).toMatchObject({ red_line: 'regenerate_voucher_rate' });
  });

  it('rolls back by the global voucher rate only when that was lower before', () => {
    const scene = (before: number) => [
      weightsRow(0, '{"fal":0.9,"runware":0.1}'),
      ...rows(steady(-7200, 3000, 2, { provider: 'fal', kind: 'generated' })),
      ...rows(
        steady(-7200, 0, before, { provider: '', kind: 'voucher' }),
        steady(0, 3000, 20, { provider: '', kind: 'voucher' }),
      ),
    ];
    expect(replayed(scene(400))).toMatchObject({ red_line: 'regenerate_voucher_rate' });
    const report = replayed(scene(10));
    expect(report.rollback_at).toBeNull();
    expect(report.verdicts.map((each) => each.hindrance)).toContain('not_above_before');
  });

  it('compares costs with the baseline of the day before', () => {
    const scene = (costUsd: number) => [
      weightsRow(0, '{"fal":0.9,"runware":0.1}'),
      ...rows(steady(-7200, 3000, 10, { provider: 'fal', costUsd: 0.05 }), steady(0, 3000, 10, { costUsd })),
    ];
    expect(replayed(scene(0.06)).rollback_at).toBeNull();
    expect(replayed(scene(0.0601))).toMatchObject({ red_line: 'cost_per_image', rollback_at: isoAt(610) });
  });

  it('says nothing about nothing', () => {
    expect(replayed([])).toMatchObject({ rollback_at: null, red_line: null, verdicts: [], from: null, to: null });
  });

  it('leaps over years without events', () => {
    const lines = [d1, rowOf({ atSeconds: 0 }), rowOf({ atSeconds: 40 * 365 * 86_400 })];
    expect(replayed(lines).verdicts.at(-1)?.at).toBe(isoAt(40 * 365 * 86_400));
  });
});
