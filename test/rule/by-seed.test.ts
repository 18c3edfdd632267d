import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { normal, poisson, type Random, seeded } from '@/lib/replay/simulate/chance';
import { preflight } from '@/lib/replay/simulate/preflight';
import { simulateTraffic } from '@/lib/replay/simulate/simulated-traffic';
import { binOf } from '@/lib/rule/buckets/bucket';
import { Histogram, mergeBins, quantileOfBins } from '@/lib/rule/buckets/quantile';
import { hash32 } from '@/lib/split/hash';
import { compile, EvenSchedule, type Picker, saltOf, whole } from '@/lib/split/pick';
import { defaultPolicy, type Stage } from '@/lib/split/policy/policy';
import { isoAt, replayed, rowOf, type SceneEvent, weightsRow } from './scene';

// What a seed gives is a promise: a failing simulation replays, a preflight can be repeated, a split can be looked into.
// The digests say that it was kept; whoever means to change what a seed gives writes the new one down.
// Who was judged is no figure: recordings of one candidate were replayed before verdicts named it.
const rounded = (value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value);
const digest = (value: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(value, (name, each) => (name === 'arm' ? undefined : rounded(each))))
    .digest('hex')
    .slice(0, 12);
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('a seed gives the same again', () => {
  it('draws', () => {
    const random = seeded(-7);
    const draws = [times(200, random), times(200, () => normal(random)), times(300, (i) => poisson(i * 2, random))];
    expect(digest(draws)).toBe('4d08b4140a6d');
  });

  it('made-up traffic', () => {
    const behave = (step: number) => ({
      perMinute: step % 3 === 0 ? 1 : 90,
      failureRate: step > 200 ? 1 : 0.1,
      slowShare: 0.3,
      voucherRate: 0.2,
      costUsd: 0.004,
      costSpread: step % 2 === 0 ? 0.2 : 0,
    });
    const { candidate, end } = simulateTraffic(defaultPolicy, 401, behave, seeded(5));
    expect(digest([end, Object.values(candidate).map((column) => [...column])])).toBe('b6a099adb2ec');
  });

  it.each([
    [{ fal: 0.9, runware: 0.1 }, 'fea3912fa4aa'],
    [{ fal: 0.5, runware: 0.5 }, '30678e18c887'],
    [{ fal: 1, runware: 0 }, 'c5cffbd22ca2'],
    [{ fal: 0, runware: 0 }, 'c5cffbd22ca2'],
    [{ fal: 1 / 3, runware: 1 / 3, zeta: 1 / 6, alpha: 1 / 6 }, 'f9426b30eb77'],
    [{ fal: 0.001, runware: 0.989, other: 0.01 }, '4dcb21bb0386'],
  ])('the split of %o, by turns, by user and across a change', (weights, expected) => {
    const rules = { baseline: 'fal', candidates: ['runware'], salt: saltOf('GEN_PROVIDER_WEIGHTS') };
    const dealt = (picker: Picker) => [
      times(2600, () => picker.next()).join(),
      times(400, (i) => picker.of(`user-${i}`)).join(),
      picker.owed(),
    ];
    const random = seeded(11);
    const first = compile(weights, rules, random);
    const seen = dealt(first);
    const next = compile({ fal: 0.4, runware: 0.35, other: 0.25 }, rules, random, first);
    expect(digest([seen, dealt(next), dealt(compile(weights, rules, random, next))])).toBe(expected);
  });

  it('hashes', () => {
    expect(digest(times(300, (i) => hash32(`user ${i} é`, saltOf(`split ${i % 3}`))))).toBe('849633e1515a');
  });

  it('the first slot from a standing start, and what follows', () => {
    const firsts = [0, 0.05, 0.45, 0.5, 0.699, 0.7, 0.95, 0.9999].map((roll) => {
      let calls = 0;
      const random = () => (calls++ === 0 ? roll : 0);
      const schedule = new EvenSchedule([0.5 * whole, 0, 0.2 * whole, 0.3 * whole], random, null);
      return times(40, () => schedule.next()).join('');
    });
    expect(digest(firsts)).toBe('09d52a6e3b3e');
  });

  it.each([
    [0.02, [0.3, 0.2, 0.1, 0.04, 0.04]],
    [0.05, [0.5, 0.2, 0.15, 0.1, 0.07]],
    [0.1, [0.3, 0.3, 0.3, 0.2, 0.15]],
  ])('the smallest failure rate that preflight finds with a line at %d', (limit, expected) => {
    const redLines = defaultPolicy.redLines.map((each) => (each.metric === 'failure_rate' ? { ...each, limit } : each));
    const policy = { ...defaultPolicy, redLines };
    const options = { policy, stage: policy.stages[0] as Stage, levels: [3, 8, 20, 60, 300], runs: 5 };
    const found = preflight({ ...options, random: seeded(9) }).map((row) => row.smallest_failure_rate_found);
    expect(found).toEqual(expected);
  });

  it.each([
    ['D1', 40, 'eb1f365b089c'],
    ['D3', 400, '6c12bc4ae546'],
  ])('what preflight says of %s at %d a minute', (name, perMinute, expected) => {
    const stage = defaultPolicy.stages.find((each) => each.name === name) as Stage;
    const options = { policy: defaultPolicy, stage, levels: [perMinute], random: seeded(3), runs: 6 };
    expect(digest(preflight(options))).toBe(expected);
  });

  it.each([
    [1, '9036427cb56e'],
    [2, '71528e0c6a77'],
    [3, 'b66201fb5550'],
    [4, 'c74015fc4525'],
    [5, '24ccf173fff4'],
    [6, '1078c10e7783'],
  ])('the replay of recording %d', (seed, expected) => {
    const lines = recording(seeded(seed));
    const untilMs = seed % 3 === 0 ? Date.parse(isoAt(5200)) : null;
    expect(digest(replayed(lines, { untilMs, environmentCostUsd: seed % 2 === 0 ? 0.003 : null }))).toBe(expected);
  });
});

/** Two hours of both providers: bursts of failures and slowness, dear images, late rows, vouchers, writes of flags. */
function recording(random: Random): string[] {
  const lines: string[] = [];
  const write = (event: SceneEvent, more: object = {}) => lines.push(rowOf(event, more));
  const sickFrom = 1500 + Math.floor(random() * 1500);
  for (let t = -2000; t < 7000; t += 1 + Math.floor(random() * 9)) {
    const provider = random() < 0.4 ? 'fal' : 'runware';
    const isSick = provider === 'runware' && t > sickFrom && t < sickFrom + 900 && random() < 0.4;
    const latencyMs = random() < 0.03 ? null : Math.round((isSick ? 7600 : 1500) + random() * 900);
    const costUsd = random() < 0.2 ? null : provider === 'fal' ? 0.003 : t > 4500 ? 0.005 : 0.0031;
    const late = random() < 0.05 ? { arrived_at: isoAt(t + Math.floor(random() * 700)) } : {};
    write({ atSeconds: t, provider, latencyMs, costUsd, failed: isSick && random() < 0.6 }, late);
    const made = { provider, request_id: `r${t}` };
    lines.push(JSON.stringify({ event_type: 'gen_ok', event_data: made, created_at: isoAt(t + 1), ...late }));
    if (random() > (t > 5500 ? 0.3 : 0.03)) continue;
    const named = [{ provider }, { request_id: `r${t}` }, {}][Math.floor(random() * 3)];
    const event_data = { reason: 'regenerate', ...named };
    lines.push(JSON.stringify({ event_type: 'voucher_issued', event_data, created_at: isoAt(t + 2) }));
  }
  const policy = { ...defaultPolicyText, evidence: 'observed', minRequests: 10 };
  lines.push(
    weightsRow(-1000, '{"fal":0.9,"runware":0.1}'),
    weightsRow(2000, '{"fal":0.5,"runware":0.6}'),
    weightsRow(2500, '{"fal":0.5,"runware":0.5}'),
    policyRow(4000, JSON.stringify(policy)),
    weightsRow(4400, '{"fal":0,"runware":1}'),
    policyRow(4800, 'no policy'),
    policyRow(5600, null),
    weightsRow(6000, '{"fal":1,"runware":0}'),
  );
  return lines;
}

const defaultPolicyText = {
  baseline: 'fal',
  candidate: 'runware',
  redLines: [
    { metric: 'p95_latency_ms', limit: 8000, window: '5m', hold: '5m' },
    { metric: 'failure_rate', limit: 0.1, window: '2m', hold: '3m' },
    { metric: 'cost_per_image', timesBaseline: 1.2, window: '30m', hold: '5m' },
    { metric: 'regenerate_voucher_rate', limit: 0.1, window: '20m', hold: '5m' },
  ],
};

const policyRow = (seconds: number, text: string | null) =>
  JSON.stringify({ flag_key: 'GEN_ROLLOUT_POLICY', flag_value_text: text, updated_at: isoAt(seconds) });

describe('a histogram', () => {
  it.each([1, 2, 3])('is the same as adding bins up one by one (%d)', (seed) => {
    const random = seeded(seed);
    const borders = [0, 0.99, 1, 9.99, 10, 10.1, 99.9, 100, 101, 999, 1000, 1010, 9990, 10_000, 99_900, 1e5, 3_590_000];
    const latencies = [...borders, ...times(400, () => 10 ** (random() * 7 - 1))];
    const bins = latencies.map((each) => [binOf(each), 1 + Math.floor(random() * 3)] as const);
    const [one, all] = [new Histogram(), new Histogram()];
    for (let part = 0; part < bins.length; part += 100) {
      for (const [edge, count] of bins.slice(part, part + 50)) one.add(edge, count);
      one.addBins(bins.slice(part + 50, part + 100));
      all.addAll(one);
      const naive = mergeBins([bins.slice(part, part + 100)]);
      expect(one.bins()).toEqual(naive);
      const quantiles = [0, 0.25, 0.5, 0.95, 0.99, 1] as const;
      expect(one.quantiles(quantiles)).toEqual(quantiles.map((each) => quantileOfBins(naive, each)));
      one.clear();
      expect([one.bins(), one.quantiles([0.5])]).toEqual([[], [null]]);
    }
    expect(all.bins()).toEqual(mergeBins([bins]));
  });
});
