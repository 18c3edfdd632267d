import { describe, expect, it } from 'vitest';
import { arrivals } from '@/lib/replay/arrivals';
import { RecordedBeside } from '@/lib/replay/recorded-beside';
import { RecordedHistory } from '@/lib/replay/recorded-history';
import { Recording } from '@/lib/replay/recording';
import { startReplay } from '@/lib/replay/replay';
import { gridMs, total } from '@/lib/rule/buckets/history';
import { defaultPolicy, firstArm } from '@/lib/split/policy/policy';
import { firstSplit } from '@/lib/split/split-key';
import { isoAt, noonMs } from '@/test/rule/scene';

const noon = noonMs / gridMs;
const registered = (provider: string) => provider === 'fal' || provider === 'runware';
interface Row {
  readonly type: 'gen_route' | 'gen_ok' | 'voucher_issued';
  readonly at: number;
  readonly data: object;
}
const route = (at: number, data: object): Row => ({ type: 'gen_route', at, data: { provider: 'fal', ...data } });
const line = ({ type, at, data }: Row) => JSON.stringify({ event_type: type, event_data: data, created_at: isoAt(at) });

/** A recording and its history, as far as it had arrived `untilSeconds` after noon. */
function recorded(rows: readonly Row[], untilSeconds = 3600) {
  const recording = new Recording(registered);
  for (const row of rows) recording.read(line(row));
  recording.attribute();
  const order = arrivals(recording, Number.POSITIVE_INFINITY);
  const history = new RecordedHistory(recording, order, firstArm(defaultPolicy), noon - 9000);
  history.advance(noon + untilSeconds / 10);
  return { recording, history, beside: new RecordedBeside(recording) };
}

describe('vouchers of a recording', () => {
  const rows: Row[] = [
    { type: 'gen_ok', at: -600, data: { provider: 'runware', request_id: 'old' } },
    { type: 'gen_ok', at: 20, data: { provider: 'runware', request_id: 'new' } },
    { type: 'voucher_issued', at: 95, data: { reason: 'regenerate', request_id: 'old' } },
    { type: 'voucher_issued', at: 95, data: { reason: 'regenerate', request_id: 'new', provider: 'runware' } },
    { type: 'voucher_issued', at: 95, data: { reason: 'regenerate', request_id: 'unheard of', provider: 'runware' } },
  ];

  it('know the age of what they are about', () => {
    const { recording } = recorded(rows);
    expect([...recording.ageSeconds.slice(2, 5)]).toEqual([695, 75, Number.NaN]);
  });

  it('of images from before the rollout do not count against the candidate', () => {
    const { history, beside } = recorded(rows);
    const vouchers = () => total(history.timeline, history.timeline.candidate.vouchers, noon, noon + 20);
    expect(vouchers()).toBe(3);
    beside.begin(noonMs, history);
    expect(vouchers()).toBe(2);
    expect(total(history.timeline, history.timeline.everyone.vouchers, noon, noon + 20)).toBe(3);
  });

  it('teach how long they take, the baseline’s of the hours before', () => {
    const loop = Array.from({ length: 40 }, (_, i): Row[] => [
      { type: 'gen_ok', at: i * 10, data: { provider: 'fal', request_id: `r${i}` } },
      { type: 'voucher_issued', at: i * 10 + 1200, data: { reason: 'regenerate', request_id: `r${i}` } },
    ]).flat();
    const before = recorded(loop, 3600).history.timeline;
    expect(total(before, before.baseline.exposure, noon, noon + 60)).toBeGreaterThan(0);
    const after = recorded(loop, 3660).history.timeline;
    expect(total(after, after.baseline.exposure, noon, noon + 60)).toBe(0);
    expect(total(after, after.baseline.exposure, noon + 119, noon + 160)).toBeCloseTo(40, 9);
  });
});

describe('users of a recording', () => {
  const span = {
    role: 'baseline',
    fromMs: noonMs,
    toMs: noonMs + 600_000,
    limitMs: null,
    partSinceMs: noonMs,
  } as const;
  const loop = Array.from({ length: 10 }, (_, i) => route(i + 1, { user_hash: 'loop', error: 'x', latency_ms: 9000 }));
  const others = Array.from({ length: 40 }, (_, i) => route(i + 20, { latency_ms: 100 }));

  it('who repeat a row are clusters, unless they are more than a fifth', () => {
    const facts = (rows: Row[]) => {
      const { beside, history } = recorded(rows);
      return beside.facts(noon + 60, history);
    };
    const seen = facts([...loop, ...others]);
    const nothing = { rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 };
    const loopOfTen = { rows: 10, rowsSquared: 100, hitsSquared: 100, hitsTimesRows: 100 };
    expect(seen.repeats(span)).toEqual(loopOfTen);
    expect(seen.repeats({ ...span, limitMs: 9000 })).toEqual(loopOfTen);
    expect(seen.repeats({ ...span, limitMs: 9001 })).toEqual({ ...loopOfTen, hitsSquared: 0, hitsTimesRows: 0 });
    expect(seen.repeats({ ...span, toMs: noonMs + 10_000 })).toEqual(nothing);
    expect(seen.repeats({ ...span, fromMs: noonMs + 10_000 })).toEqual(nothing);
    expect(seen.repeats({ ...span, role: 'candidate' })).toEqual(nothing);
    expect(facts([...loop, ...others.slice(1)]).repeats(span)).toEqual(nothing);
  });

  it('are told by their first rows since the rollout began, up to the full minute', () => {
    const rows = [...loop, route(65, { user_hash: 'loop' }), route(66, { provider: 'runware' }), route(3601, {})];
    const { beside, history } = recorded(rows);
    beside.begin(noonMs, history);
    const { users } = beside.facts(noon + 12, history);
    expect(users()?.buckets).toEqual([
      { index: noon + 1, candidate: [0, 0, 0, 0, 0], baseline: [1, 1, 0, 0, 0] },
      { index: noon + 7, candidate: [1, 0, 0, 0, 0], baseline: [0, 0, 0, 0, 0] },
    ]);
  });
});

describe('what a rollout is compared with', () => {
  it('are the baseline’s prices by key and its latencies of before', () => {
    const rows = Array.from({ length: 120 }, (_, i) =>
      route(-1200 + i * 10, {
        cost_per_image: i % 2 ? 0.003 : 0.05,
        ...(i % 4 < 3 ? { price_key: i % 2 ? 'small' : 'large' } : {}),
        latency_ms: 1000 + 10 * i,
      }),
    );
    const { beside, history } = recorded(rows, 0);
    beside.begin(noonMs, history);
    const { pricesBefore, warning } = beside.facts(noon, history);
    expect(Object.fromEntries((pricesBefore ?? []).map(({ key, priced }) => [key, priced]))).toEqual({
      '': 30,
      large: 60,
      small: 30,
    });
    expect(warning).toEqual({ sinceMs: noonMs, quartilesMs: [1290, 1590, 1890] });
  });

  it('are few keys, however many a recording names', () => {
    const rows = Array.from({ length: 200 }, (_, i) => route(i, { cost_per_image: 0.003, price_key: `k${i % 100}` }));
    const { history } = recorded(rows);
    expect(history.timeline.prices.size).toBe(33);
  });
});

describe('a recording with impossible times', () => {
  it('ends, and says which lines it did not read', () => {
    const replay = startReplay({
      split: firstSplit,
      policy: defaultPolicy,
      policySource: 'default',
      readPolicy: () => ({ ok: false, faults: [] }),
      fallbackPolicy: defaultPolicy,
      untilMs: null,
      registered: ['fal', 'runware'],
      environmentCostUsd: null,
    });
    for (const created_at of ['0068-09-03T13:20:00Z', '9999-12-31T23:59:59Z', '2026-02-30T12:00:00Z', isoAt(0)])
      replay.read(JSON.stringify({ event_type: 'gen_route', event_data: { provider: 'fal' }, created_at }));
    const { bad_lines, events, from } = replay.finish();
    expect([bad_lines.count, events, from]).toEqual([3, 1, isoAt(0)]);
    expect(bad_lines.first.map(({ line }) => line)).toEqual([1, 2, 3]);
  });
});
