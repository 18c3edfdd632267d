import { describe, expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { firstRollback, simulatedFacts } from '@/lib/replay/simulate/simulated-rollout';
import { simulateTraffic } from '@/lib/replay/simulate/simulated-traffic';
import { defaultPolicy, type Policy, type Stage } from '@/lib/split/policy/policy';
import { isoAt, replayed } from '@/test/rule/scene';

const split = 'VIDEO_WEIGHTS';
const names = ['base', 'x', 'y'];
const policy: Policy = {
  ...defaultPolicy,
  baseline: 'base',
  candidates: ['x', 'y'],
  stages: [
    { name: 'D1', weights: { base: 0.6, x: 0.2, y: 0.2 }, observeSeconds: 3600 },
    { name: 'D2', weights: { base: 0.2, x: 0.4, y: 0.4 }, observeSeconds: null },
  ],
  rollback: { base: 1, x: 0, y: 0 },
  redLines: defaultPolicy.redLines.filter(({ metric }) => metric === 'failure_rate'),
};

const event = (type: string, seconds: number, data: object) =>
  JSON.stringify({ event_type: type, event_data: { split, ...data }, created_at: isoAt(seconds) });
const weights = (seconds: number, to: object) =>
  JSON.stringify({ flag_key: split, flag_value_text: JSON.stringify(to), updated_at: isoAt(seconds) });
/** A first attempt every four seconds of each arm; an arm that is named fails from then on. */
const traffic = (fromSeconds: number, toSeconds: number, sick: Readonly<Record<string, number>>) => {
  const rows: string[] = [];
  for (let at = fromSeconds; at < toSeconds; at += 4)
    for (const arm of names) {
      const error = at >= (sick[arm] ?? Number.POSITIVE_INFINITY) ? { error: '503' } : {};
      rows.push(event('split_route', at, { arm, provider: 'vendor', latency_ms: 2000, ...error }));
    }
  return rows;
};
const begun = weights(0, { base: 0.6, x: 0.2, y: 0.2 });
const replay = (lines: readonly string[], more: object = {}) =>
  replayed(lines, { policy, split, registered: names, ...more });

describe('the recording of a split with two candidates', () => {
  it('rolls back the sick one alone; the other goes on, and goes later', () => {
    const { rollbacks, rollback_at, verdicts, flag_writes } = replay([begun, ...traffic(1, 3000, { x: 600, y: 1800 })]);
    expect(rollbacks.map(({ arm, red_line }) => [arm, red_line])).toEqual([
      ['x', 'failure_rate'],
      ['y', 'failure_rate'],
    ]);
    expect(rollback_at).toBe(rollbacks[0]?.at);
    expect(Date.parse(rollbacks[1]?.at ?? '') - Date.parse(isoAt(1800))).toBeLessThan(420_000);
    expect(rollbacks[0]?.explanation).toMatch(/^x failure rate .* rolls x back/);
    expect(flag_writes[0]).toMatchObject({ stage: 'D1', fault: null });
    const ofY = verdicts.filter(({ arm, at }) => arm === 'y' && at <= isoAt(1800));
    expect(ofY.map(({ verdict }) => verdict)).toEqual(['no_traffic', 'insufficient', 'ok']);
  });

  it('rolls back both at the same tick where both fail, and none where the baseline fails alike', () => {
    const both = replay([begun, ...traffic(1, 1800, { x: 600, y: 600 })]).rollbacks;
    expect(both.map(({ arm }) => arm)).toEqual(['x', 'y']);
    expect(both[0]?.at).toBe(both[1]?.at);
    expect(replay([begun, ...traffic(1, 1800, { x: 600, y: 600, base: 600 })]).rollbacks).toEqual([]);
  });

  it('begins anew with one that is given its share again', () => {
    const again = weights(2400, { base: 0.6, x: 0.2, y: 0.2 });
    const { rollbacks } = replay([begun, ...traffic(1, 2000, { x: 600 }), again, ...traffic(2400, 4000, { x: 3000 })]);
    expect(rollbacks.map(({ arm }) => arm)).toEqual(['x', 'x']);
    expect(Date.parse(rollbacks[1]?.at ?? '')).toBeGreaterThan(Date.parse(isoAt(3000)));
  });

  it('reads its own events only, and vouchers by what they say or what their request was', () => {
    const rows = [
      event('split_route', 10, { arm: 'x' }),
      event('split_route', 10, { arm: 'x', split: 'OTHER_WEIGHTS' }),
      event('gen_route', 10, { provider: 'fal' }),
      event('split_ok', 11, { arm: 'x', request_id: 'r1' }),
      event('split_ok', 11, { arm: 'x', request_id: 'r2', split: 'OTHER_WEIGHTS' }),
    ];
    const voucher = (data: object) => event('voucher_issued', 20, { reason: 'regenerate', split: undefined, ...data });
    const [mine, other] = [{ split }, { split: 'OTHER_WEIGHTS' }];
    const vouchers = [mine, other, { request_id: 'r1' }, { request_id: 'r2' }, { request_id: 'r3' }, {}].map(voucher);
    const counted = (more: object = {}) => {
      const alone = replay(rows, more).events;
      return [alone, ...vouchers.map((line) => replay([...rows, line], more).events - alone)];
    };
    expect(counted()).toEqual([2, 1, 0, 1, 0, 0, 0]);
    const first = { policy: defaultPolicy, split: undefined, registered: ['fal', 'runware'] };
    expect(counted(first)).toEqual([1, 0, 0, 0, 0, 1, 1]);
  });
});

describe('three healthy candidates', () => {
  const plan = (arms: readonly string[]): { readonly policy: Policy; readonly stage: Stage } => {
    const shares = Object.fromEntries(arms.map((arm) => [arm, 0.1]));
    const stage = { name: 'D1', weights: { base: 1 - 0.1 * arms.length, ...shares }, observeSeconds: 3600 };
    const rollback = { base: 1, ...Object.fromEntries(arms.map((arm) => [arm, 0])) };
    return { policy: { ...policy, candidates: arms, rollback, stages: [stage] }, stage };
  };

  it('are rolled back together no likelier than one alone', () => {
    const candidates = ['x', 'y', 'z'];
    const random = seeded(20_261_128);
    const healthy = { perMinute: 10, failureRate: 0.013, slowShare: 0, voucherRate: 0, costUsd: 0.01, costSpread: 0 };
    const [three, one] = [plan(candidates), plan(['x'])];
    const runs = Number(process.env.SLUICE_TRACES ?? 60);
    let [together, alone] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const made = candidates.map((arm) => [arm, simulateTraffic(policy, 360, () => healthy, random)] as const);
      const facts = simulatedFacts(three.policy, three.stage, Object.fromEntries(made), 0.01);
      if (firstRollback(facts, 1, 360)) together++;
      for (const [, history] of made)
        if (firstRollback(simulatedFacts(one.policy, one.stage, { x: history }, 0.01), 1, 360)) alone++;
    }
    if (process.env.SLUICE_TRACES) console.log(`together ${together}/${runs}, alone ${alone}/${3 * runs}`);
    // Of so many rollouts of three, and of three times as many of one.
    expect(together / runs).toBeLessThanOrEqual(Math.max(alone / (3 * runs), 1 / runs));
  });
});
