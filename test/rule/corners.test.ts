import { describe, expect, it } from 'vitest';
import { parseInstant } from '@/lib/kernel/instant';
import { recordedEvent } from '@/lib/replay/recorded-event';
import { seeded } from '@/lib/replay/simulate/chance';
import { preflight } from '@/lib/replay/simulate/preflight';
import { Timeline } from '@/lib/replay/timeline';
import { type Bucket, binOf } from '@/lib/rule/buckets/bucket';
import { total } from '@/lib/rule/buckets/history';
import { Histogram } from '@/lib/rule/buckets/quantile';
import { checklist } from '@/lib/rule/checklist';
import { isLikelier } from '@/lib/rule/gauges/gauge-share';
import { defaultPolicy, firstArm, type Stage } from '@/lib/split/policy/policy';
import { stageOf } from '@/lib/split/stages';
import { readWeights, readWeightsValue, sameWeights, shareOf, weightsText } from '@/lib/split/weights';
import { historyOf } from '../support/histories';
import { at, decided, lineOf, liveState, oneLine, steady } from './scene';

const rules = { registered: ['fal', 'runware'], baseline: 'fal', candidates: ['runware'] };

describe('weights', () => {
  it('differ from a billionth on', () => {
    const same = (by: number) => sameWeights({ fal: 0.5 }, { fal: 0.5 + by });
    expect([same(0), same(0.9e-9), same(1.1e-9)]).toEqual([true, true, false]);
    expect(sameWeights({ fal: 1 }, { fal: 1, runware: 1 })).toBe(false);
  });

  it('have a share of nothing where nothing is said, inherited names included', () => {
    expect([shareOf({}, 'fal'), shareOf({}, 'toString'), shareOf({ fal: 0.3 }, 'fal')]).toEqual([0, 0, 0.3]);
    expect(weightsText({ b: 0.25, c: 0.25, a: 0.5 })).toBe('{"a":0.5,"b":0.25,"c":0.25}');
  });

  it.each([
    ['{"fal":1.0,"runware":1e-6}', true],
    ['{"fal":1.0,"runware":1.001e-6}', false],
    ['{"fal":-0.0e5,"runware":1}', true],
    ['{"fal":-0e-400,"runware":1}', true],
  ])('%s are allowed: %s', (text, isAllowed) => expect(readWeights(text, rules).ok).toBe(isAllowed));

  it('are refused in the words of the rule', () => {
    const sentence = (value: unknown) => {
      const reading = typeof value === 'string' ? readWeights(value, rules) : readWeightsValue(value, rules);
      return reading.ok ? 'accepted' : reading.sentence;
    };
    expect(sentence({ fal: [1], runware: 1 })).toBe(
      'the weight of fal is [1], a array; it must be a number from 0 to 1',
    );
    expect(sentence({ fal: false, runware: 1 })).toContain('a boolean');
    expect(sentence({ fal: true, runware: 1 })).toContain('a boolean');
    expect(sentence({ fal: null, runware: 1 })).toContain('null, a null');
    expect(sentence({ fal: { a: 1 }, runware: 1 })).toContain('a object');
    expect(sentence({ fal: -Infinity, runware: 1 })).toBe('the weight of fal is -Infinity; it must be from 0 to 1');
    expect(sentence({ fal: undefined, runware: 1 })).toContain('the weight of fal is null, a null');
    expect(sentence('{"a\\\\b\'c":1}')).toContain(
      "E'a\\\\b''c' is not an arm of this split; its arms are: fal, runware",
    );
    expect(sentence('{"fal":0.25,"runware":0.125}')).toBe('the weights add up to 0.375; they must add up to 1');
    expect(sentence('{"fal":1,"runware":1}')).toBe('the weights add up to 2; they must add up to 1');
    expect(sentence(' 7')).toContain("' 7' is a number; weights are an object like");
    expect(sentence('{"fal":1')).toMatch(
      /^'\{"fal":1' is not JSON \([^"]{5,80}\); write an object like \{"fal":0.9,"runware":0.1\}$/,
    );
    expect(sentence(null)).toContain("'null' is null; weights");
  });
});

describe('an instant', () => {
  it.each([
    ['2026-03-02T24:00:00Z', '2026-03-03T00:00:00.000Z'],
    ['2026-03-02T12:00:00-01:30', '2026-03-02T13:30:00.000Z'],
    ['2026-03-02 12:00:59.5-02', '2026-03-02T14:00:59.500Z'],
    ['2026-12-31', '2026-12-31T00:00:00.000Z'],
    ['2026-03-02 12:59', '2026-03-02T12:59:00.000Z'],
  ])('%s is %s', (text, iso) => expect(parseInstant(text)).toBe(Date.parse(iso)));

  it.each(['2026-13-01', '2026-01-32', '2026-03-02T25:00Z', '2026-03-02T12:60Z'])('%s is none', (text) =>
    expect(parseInstant(text)).toBeNull(),
  );
});

describe('weights at rest', () => {
  it('are those of a rollback, whatever they leave the candidate, and those that leave it nothing', () => {
    const policy = { ...defaultPolicy, rollback: { fal: 0.95, runware: 0.05 } };
    expect(stageOf({ fal: 0.95, runware: 0.05 }, policy, [])).toBe('baseline');
    expect(stageOf({ fal: 0.95, runware: 0.05 }, policy, ['runware'])).toBe('rolled_back');
    expect(stageOf({ fal: 0.5, third: 0.5 }, policy, ['runware'])).toBe('rolled_back');
    expect(stageOf({ fal: 0.94, runware: 0.06 }, policy, ['runware'])).toBe('custom');
  });
});

describe('percentages', () => {
  it('are rounded, not cut', () => {
    const facts = {
      ...{ state: { ...liveState, latched: true }, policy: defaultPolicy, nowMs: at(0), stageRequests: { runware: 0 } },
      ...{ watchdogAlive: true, watchdogSilentSeconds: null, unacknowledgedAlerts: 0, providerFaults: {} },
      ...{ policyFault: null, seenByAll: true },
    };
    const [item] = checklist(facts, null, 0, { baselineFailureRate: 0.01999, failureKinds: {} }).slice(2);
    expect(item?.detail).toBe('fal: 2 % failures.');
  });
});

describe('what is worse', () => {
  it('among verdicts of two measures is the one nearer to acting', () => {
    const vouchers = oneLine('regenerate_voucher_rate');
    const verdict = (events: Parameters<typeof decided>[1], blind = false) =>
      lineOf(decided(0, events, { policy: vouchers, blind }), 'regenerate_voucher_rate').verdict;
    const own = steady(-600, 0, 10, { kind: 'generated' });
    const unnamed = steady(-300, 0, 300, { provider: '', kind: 'voucher' });
    expect(verdict(own)).toBe('ok');
    expect(verdict([...own.slice(0, 3), ...steady(-600, 0, 10)])).toBe('insufficient');
    // Nine made by the candidate are too few; the global rate of a hundred is fine, and that is said.
    const others = steady(-600, 0, 6, { provider: 'fal', kind: 'generated' });
    expect(verdict([...own.slice(0, 9), ...steady(-600, 0, 10), ...others, ...unnamed])).toBe('ok');
    expect(verdict([...own, ...steady(-300, 0, 10, { provider: '', kind: 'voucher' })], true)).toBe('breach');
  });

  it('of a baseline is judged on the same window as the candidate', () => {
    const sick = steady(-1800, 0, 2, { failed: true });
    const ended = steady(-1800, -400, 2, { provider: 'fal', failed: true });
    expect(
      lineOf(decided(0, [...sick, ...ended], { policy: oneLine('failure_rate') }), 'failure_rate').hindrance,
    ).toBeNull();
    // As bad as the candidate is no better.
    const equal = sick.map((each) => ({ ...each, provider: 'fal' }));
    expect(lineOf(decided(0, [...sick, ...equal], { policy: oneLine('failure_rate') }), 'failure_rate').hindrance).toBe(
      'shared_cause',
    );
  });

  it('is likelier by more than nothing', () => {
    expect([isLikelier(0, 10, 0.01, 0.01), isLikelier(5, 100, 0.05, 0.05), isLikelier(6, 100, 0.06, 0.05)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('a bucket of the log', () => {
  const bucket = (atMs: number, requests: number): Bucket => ({
    ...{ atMs, provider: 'runware', requests, failures: 0, refused: 0, bins: [], priced: 0, ages: [], prices: [] },
    ...{ costNano: 0, costNanoSquared: 0, generated: 0, vouchers: 0 },
  });

  it('counts from after the beginning to the end, and an empty span is one', () => {
    const history = historyOf(
      [bucket(10_000, 1), bucket(20_000, 2), bucket(30_000, 4), bucket(40_000, 8)],
      firstArm(defaultPolicy),
      10_000,
      30_000,
    );
    expect([history.origin, history.end, [...history.candidate.requests]]).toEqual([1, 3, [0, 2, 6]]);
    const none = historyOf([bucket(10_000, 1)], firstArm(defaultPolicy), 50_000, 20_000);
    expect([none.origin, none.end, [...none.candidate.requests]]).toEqual([5, 5, [0]]);
  });
});

describe('a span past what is known', () => {
  it('holds nothing, wherever the history begins', () => {
    const timeline = new Timeline(500, null, 20);
    timeline.reach(510);
    timeline.add(timeline.candidate.requests, 505, 3);
    timeline.settle();
    const count = (from: number, to: number) => total(timeline, timeline.candidate.requests, from, to);
    expect([count(511, 600), count(510, 600), count(504, 600), count(0, 499), count(0, 500), count(0, 505)]).toEqual([
      0, 0, 3, 0, 0, 3,
    ]);
  });
});

describe('too few rows', () => {
  it('are fewer than five prices, and fewer than ten of anything else', () => {
    const verdict = (metric: 'cost_per_image' | 'failure_rate', n: number) =>
      lineOf(decided(0, steady(-n, 0, 1, { costUsd: 0.05 }), { policy: oneLine(metric) }), metric).verdict;
    expect([verdict('cost_per_image', 4), verdict('cost_per_image', 5)]).toEqual(['insufficient', 'ok']);
    expect([verdict('failure_rate', 9), verdict('failure_rate', 10)]).toEqual(['insufficient', 'ok']);
  });
});

describe('a request id', () => {
  it('is text, whatever it was, and a provider that nobody registered is none', () => {
    const event = recordedEvent('gen_ok', { request_id: 0, provider: 'x' }, () => false);
    expect(event).toEqual({ kind: 'generated', provider: '', requestId: '0' });
  });
});

describe('a histogram', () => {
  it('knows every edge of three digits up to an hour', () => {
    for (const power of [0.01, 0.1, 1, 10, 100, 1000, 10_000])
      for (let lead = power === 0.01 ? 0 : 100; lead < 1000; lead += 7) {
        const edge = Number((lead * power).toPrecision(3));
        const histogram = new Histogram();
        histogram.add(edge, 3);
        expect(histogram.bins()).toEqual([[expect.closeTo(edge, 6), 3]]);
      }
    const wide = new Histogram();
    wide.add(binOf(1e15), 1);
    wide.add(1e25, 2);
    expect(wide.bins().map(([, count]) => count)).toEqual([1, 2]);
  });

  it('has the quantile between two rows far apart', () => {
    const histogram = new Histogram();
    histogram.add(100, 1);
    histogram.add(1000, 1);
    expect(histogram.quantiles([0, 0.25, 0.5, 1])).toEqual([100.5, 100.5 + 0.25 * 904.5, 100.5 + 0.5 * 904.5, 1005]);
  });
});

describe('a preflight', () => {
  it('looks at a stage without end for three hours', () => {
    const endless: Stage = { name: 'D3', weights: { fal: 0.9, runware: 0.1 }, observeSeconds: null };
    const seen = (stage: Stage) =>
      preflight({ policy: oneLine('failure_rate'), stage, levels: [20], random: seeded(8), runs: 3 });
    const [row] = seen(endless);
    expect(row).toEqual(seen({ ...endless, observeSeconds: 10_800 })[0]);
    expect(row?.outage_median_minutes).not.toBeNull();
  });

  it('needs half of a line that there is', () => {
    const stage: Stage = { name: 'D1', weights: { fal: 0.5, runware: 0.5 }, observeSeconds: 600 };
    const [row] = preflight({ policy: oneLine('p95_latency_ms'), stage, levels: [60], random: seeded(8), runs: 2 });
    // Without a line for failures not even an outage is found.
    expect([row?.smallest_failure_rate_found, row?.outage_median_minutes]).toEqual([null, null]);
  });
});
