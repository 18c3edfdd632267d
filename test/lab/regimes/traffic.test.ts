import { describe, expect, it } from 'vitest';
import { seeded } from '@/lib/replay/simulate/chance';
import { delayAtoms, gridMs, total } from '@/lib/rule/buckets/history';
import type { RepeatedSpan } from '@/lib/rule/facts';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { rollout, usual } from '@/test/lab/regimes/regime';
import { regimeNamed, regimes } from '@/test/lab/regimes/regimes';
import { logNormalDelays, uniformDelays } from '@/test/lab/regimes/traffic/delays';
import { decisionAt, rollbackOf, segmentsOf } from '@/test/lab/regimes/traffic/judge-trace';
import { makeTrace, type Trace } from '@/test/lab/regimes/traffic/make-trace';
import type { Model } from '@/test/lab/regimes/traffic/model';
import { normalQuantile } from '@/test/lab/regimes/traffic/normal-share';
import { historyOfTrace } from '@/test/lab/regimes/traffic/trace-history';
import { lookupsOf } from '@/test/lab/regimes/traffic/trace-lookups';

const made = (model: Model, seed = 1) => makeTrace(model, defaultPolicy, seeded(seed));
const rowsOf = ({ rows }: Trace) =>
  Array.from({ length: rows.count }, (_, i) => ({
    step: rows.step[i] as number,
    arm: rows.candidate[i] ? ('candidate' as const) : ('baseline' as const),
    failed: rows.failed[i] === 1,
    latencyMs: rows.latencyMs[i] as number,
    user: rows.user[i] as number,
    price: rows.price[i] as number,
    costNano: rows.costNano[i] as number,
    voucherMs: rows.voucherMs[i] as number,
  }));
const near = (count: number, mean: number) => expect(Math.abs(count - mean)).toBeLessThan(4.5 * Math.sqrt(mean) + 1);

describe('a trace', () => {
  const plan = { 0: 'D1', 60: 'D2' } as const;
  const trace = made(rollout(100, plan, 120));
  const rows = rowsOf(trace);

  it('has the requests, shares, failures, latencies, vouchers and prices of its model, to chance', () => {
    near(rows.length, 12_000);
    const early = rows.filter(({ step }) => step <= 360);
    near(early.filter(({ arm }) => arm === 'candidate').length, early.length * 0.1);
    near(rows.filter(({ arm, step }) => arm === 'candidate' && step > 360).length, (rows.length - early.length) * 0.5);
    near(rows.filter(({ failed }) => failed).length, rows.length * 0.01);
    near(rows.filter(({ latencyMs }) => latencyMs >= 8000).length, rows.length * 0.02);
    near(rows.filter(({ voucherMs }) => Number.isFinite(voucherMs)).length, rows.length * 0.99 * 0.025);
    expect(new Set(rows.filter(({ failed }) => !failed).map(({ costNano }) => costNano))).toEqual(
      new Set([40_000_000]),
    );
  });

  it('is the same again with the same seed, and another with another', () => {
    const model = rollout(20, plan, 30);
    expect(rowsOf(made(model, 3))).toEqual(rowsOf(made(model, 3)));
    expect(rowsOf(made(model, 3))).not.toEqual(rowsOf(made(model, 4)));
  });

  it('gives a sticky user one arm, but for a step up', () => {
    const sticky = rowsOf(made(rollout(100, plan, 120, { users: 200, sticky: true })));
    const armsOf = (from: number, to: number) => {
      const arms = new Map<number, Set<string>>();
      for (const { user, arm, step } of sticky)
        if (step > from && step <= to) arms.set(user, (arms.get(user) ?? new Set()).add(arm));
      return arms;
    };
    for (const arms of [armsOf(0, 360), armsOf(360, 720)])
      expect([...arms.values()].every((each) => each.size === 1)).toBe(true);
    for (const [user, arms] of armsOf(0, 360))
      if (arms.has('candidate')) expect(armsOf(360, 720).get(user)?.has('baseline') ?? false).toBe(false);
  });

  it('becomes the buckets of a log', () => {
    const history = historyOfTrace(trace);
    for (const [from, to] of [
      [0, 720],
      [100, 130],
      [359, 360],
    ] as const) {
      const inside = rows.filter(({ step }) => step > from && step <= to);
      for (const arm of ['candidate', 'baseline'] as const) {
        const mine = inside.filter((row) => row.arm === arm);
        const sum = (column: keyof typeof history.candidate) => total(history, history[arm][column], from, to);
        expect(sum('requests')).toBe(mine.length);
        expect(sum('failures')).toBe(mine.filter(({ failed }) => failed).length);
        expect(sum('slow')).toBe(mine.filter(({ latencyMs }) => latencyMs >= 8000).length);
        expect(sum('overQ2')).toBe(mine.filter(({ latencyMs }) => latencyMs >= trace.quartilesMs[1]).length);
        expect(sum('priced')).toBe(mine.filter(({ failed }) => !failed).length);
        expect(sum('costNano')).toBe(mine.reduce((all, { costNano, failed }) => all + (failed ? 0 : costNano), 0));
      }
      expect(total(history, history.everyone.generated, from, to)).toBe(inside.filter(({ failed }) => !failed).length);
    }
  });

  it('cuts the facts where weights were written and where the early warning begins anew', () => {
    const segments = segmentsOf(made(rollout(1, { 0: 'D1', 60: 'D2', 240: 'D3' }, 1500)));
    expect(segments.map(({ from, to }) => [from, to])).toEqual([
      ...[
        [1, 360],
        [361, 1440],
        [1441, 4320],
        [4321, 8640],
        [8641, 9000],
      ],
    ]);
    expect(segments.map(({ facts }) => facts.state.stage)).toEqual(['D1', 'D2', 'D3', 'D3', 'D3']);
    expect(segments.map(({ facts }) => facts.weightsChangedAtMs.length)).toEqual([1, 2, 3, 3, 3]);
    expect(segments.map(({ facts }) => facts.arms.runware?.warning?.sinceMs)).toEqual([
      0, 0, 0, 43_200_000, 86_400_000,
    ]);
    expect(segments.every(({ facts }) => facts.state.rolloutStartedAtMs === 0)).toBe(true);
    expect(segments[0]?.facts.state.baselineCostUsd).toBeCloseTo(0.04, 9);
    expect(decisionAt(segments, 300)?.lines.map(({ verdict }) => verdict)).toHaveLength(4);
  });
});

describe('late vouchers of a trace', () => {
  it('take as long as they were told, and count when they come', () => {
    for (const [delays, middle] of [
      [uniformDelays(30, 120), 75],
      [logNormalDelays(30, 1), 30],
    ] as const) {
      const trace = made(rollout(400, { 0: 'D2' }, 240, { delays, leadMinutes: 60 }));
      const history = historyOfTrace(trace);
      const rows = rowsOf(trace).filter(({ step, voucherMs }) => step > 0 && Number.isFinite(voucherMs));
      const took = rows.map(({ step, voucherMs }) => voucherMs / gridMs - step).sort((a, b) => a - b);
      expect(Math.abs((took[took.length >> 1] ?? 0) / (middle * 6) - 1)).toBeLessThan(0.08);
      const came = (from: number, to: number) =>
        rows.filter(({ voucherMs }) => voucherMs > from * gridMs && voucherMs <= to * gridMs).length;
      for (const [from, to] of [
        [0, 1440],
        [300, 400],
      ] as const) {
        const { candidate, baseline } = history;
        const counted = total(history, candidate.vouchers, from, to) + total(history, baseline.vouchers, from, to);
        expect(counted).toBe(came(from, to));
      }
      // What can have come back says how many do come.
      const { vouchers, exposure } = history.candidate;
      near(total(history, vouchers, 0, 1440), total(history, exposure, 0, 1440) * 0.025);
      expect(delayAtoms(delays.bins)?.length).toBeGreaterThan(10);
    }
  });

  it('know the quantiles of the normal distribution', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 6);
    expect(normalQuantile(0.02)).toBeCloseTo(-2.053749, 5);
  });
});

describe('what a trace answers beside its buckets', () => {
  const trace = made(regimeNamed('loop-sticky-tenth').model(30));
  const rows = rowsOf(trace);
  const lookups = lookupsOf(trace);
  const naive = ({ role, fromMs, toMs, limitMs, partSinceMs }: RepeatedSpan) => {
    const since = rows.filter(({ step, arm }) => step > partSinceMs / gridMs && step <= toMs / gridMs && arm === role);
    const inside = since.filter(({ step }) => step > fromMs / gridMs);
    const sums = { rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 };
    for (const user of new Set(inside.map((row) => row.user))) {
      const his = inside.filter((row) => row.user === user);
      const hits = his.filter((row) => (limitMs === null ? row.failed : row.latencyMs >= limitMs)).length;
      if (user === 0 || since.filter((row) => row.user === user).length * 5 > since.length) continue;
      sums.rows += his.length;
      sums.rowsSquared += his.length ** 2;
      sums.hitsSquared += hits ** 2;
      sums.hitsTimesRows += hits * his.length;
    }
    return sums;
  };

  it('says how rows cluster by user', () => {
    for (const [from, to] of [
      [0, 1080],
      [500, 530],
      [700, 760],
      [1079, 1080],
    ] as const)
      for (const limitMs of [null, 6000])
        for (const role of ['candidate', 'baseline'] as const) {
          for (const partSinceMs of [from * gridMs, Math.max(0, from - 360) * gridMs]) {
            const span = { role, fromMs: from * gridMs, toMs: to * gridMs, limitMs, partSinceMs };
            expect(lookups.repeats(span)).toEqual(naive(span));
          }
        }
    expect(
      lookupsOf(made(rollout(5, { 0: 'D2' }, 20))).repeats({
        ...{ role: 'candidate', fromMs: 0, toMs: 1e6, partSinceMs: 0 },
        limitMs: null,
      }),
    ).toEqual({ rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 });
  });

  it('counts the first row of each user', () => {
    const { buckets } = lookups.firstOfUsers(0);
    const sum = (arm: 'candidate' | 'baseline', i: 0 | 1) => buckets.reduce((all, each) => all + each[arm][i], 0);
    expect(sum('candidate', 0) + sum('baseline', 0)).toBe(new Set(rows.map(({ user }) => user)).size);
    expect(buckets.every(({ index }, i) => i === 0 || index > (buckets[i - 1]?.index ?? 0))).toBe(true);
    const later = lookups.firstOfUsers(3_600_000).buckets;
    expect(later[0]?.index).toBeGreaterThan(360);
  });

  it('knows the latencies next to a limit', () => {
    const inside = rows.filter(({ arm, step }) => arm === 'candidate' && step > 600 && step <= 630);
    const below = inside.map(({ latencyMs }) => latencyMs).filter((latency) => latency < 4000);
    const above = inside.map(({ latencyMs }) => latencyMs).filter((latency) => latency >= 4000);
    const window = { role: 'candidate', fromMs: 600 * gridMs, toMs: 630 * gridMs, limitMs: 4000 } as const;
    expect(lookups.neighbours(window)).toEqual({ below: Math.max(...below), atOrAbove: Math.min(...above) });
    expect(lookups.neighbours({ ...window, limitMs: 1e9 })?.atOrAbove).toBeNull();
  });
});

describe('kinds of traffic', () => {
  it('have names of their own, and every one can be made and judged', () => {
    expect(new Set(regimes.map(({ name }) => name)).size).toBe(regimes.length);
    for (const { model } of regimes) {
      const trace = made({ ...model(6), minutes: 70 });
      expect(trace.rows.count).toBeGreaterThan(30);
      rollbackOf(segmentsOf(trace));
    }
    expect(() => regimeNamed('none')).toThrow(/^There is no regime "none": healthy-d1/);
  });

  it.each(['bursts', 'bursts-sharp', 'batches', 'batches-one-arm', 'batches-small'])(
    'one in a hundred fails in the mean of %s',
    (name) => {
      let [failed, rows] = [0, 0];
      for (let seed = 1; seed <= 80; seed++) {
        const trace = made(regimeNamed(name).model(20), seed);
        rows += trace.rows.count;
        for (let i = 0; i < trace.rows.count; i++) failed += trace.rows.failed[i] as number;
      }
      expect(rows).toBeGreaterThan(80 * 180 * 20 * 0.9);
      expect(Math.abs(failed / rows / usual.failureRate - 1)).toBeLessThan(0.2);
    },
  );
});
