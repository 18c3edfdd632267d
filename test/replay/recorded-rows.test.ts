import { describe, expect, it } from 'vitest';
import { recordedEvent } from '@/lib/replay/recorded-event';
import { kinds, Recording } from '@/lib/replay/recording';
import { isoAt, noonMs } from '@/test/rule/scene';

const registered = (provider: string) => provider === 'fal' || provider === 'runware';
const read = (...rows: unknown[]) => {
  const recording = new Recording(registered);
  for (const row of rows) recording.read(typeof row === 'string' ? row : JSON.stringify(row));
  return recording;
};
const fault = (row: unknown) => read(row).badLines[0]?.fault;
const route = (data: unknown, more: object = {}) => ({
  event_type: 'gen_route',
  event_data: data,
  created_at: isoAt(0),
  ...more,
});

describe('a row of the log', () => {
  it.each([
    [{ provider: 'runware', latency_ms: 12, cost_per_image: 0.0000000015 }, 'runware', false, 12, 2],
    [{ provider: 'fal', error: 'x', latency_ms: null }, 'fal', true, null, null],
    [{ provider: 'fal', error: '', latency_ms: 0, cost_per_image: 0 }, 'fal', true, 0, 0],
    [{ provider: 'elsewhere', error: null, latency_ms: 3_600_000, cost_per_image: 1000 }, '', false, 3_600_000, 1e12],
    [{ provider: 7, latency_ms: 3_600_001, cost_per_image: 1000.1 }, '', false, null, null],
    [{ latency_ms: -1, cost_per_image: -0.1 }, '', false, null, null],
    [{ latency_ms: '12', cost_per_image: '1' }, '', false, null, null],
  ])('%j counts as the database counts it', (data, provider, isFailure, latencyMs, costNano) => {
    expect(recordedEvent('gen_route', data, registered)).toEqual({
      ...{ kind: 'attempt', provider, isFailure, latencyMs, costNano, priceKey: null, userHash: null },
    });
  });

  it.each([
    [{ cost_per_image: 0.003, price_key: 'flux 1024x1024', user_hash: 'ab12' }, 'flux 1024x1024', 'ab12'],
    [{ cost_per_image: 0.003, price_key: '可灵 1080p', user_hash: '😀'.repeat(64) }, '可灵 1080p', '😀'.repeat(64)],
    [{ price_key: 'not priced', user_hash: '' }, null, null],
    [{ cost_per_image: 0.003, price_key: 'x'.repeat(10_000), user_hash: 'x'.repeat(65) }, null, null],
    [{ cost_per_image: 0.003, price_key: 'a\u0001b', user_hash: 'a\nb' }, null, null],
    [{ cost_per_image: 0.003, price_key: 12, user_hash: { a: 1 } }, null, null],
  ])('%j names a price and a user as the database reads them', (data, priceKey, userHash) => {
    expect(recordedEvent('gen_route', data, registered)).toMatchObject({ priceKey, userHash });
  });

  it('that no draw decided moves no metric', () => {
    expect(recordedEvent('gen_route', { provider: 'fal', pinned: true, error: 'x' }, registered)).toBeNull();
    expect(recordedEvent('gen_route', { provider: 'fal', pinned: 'true' }, registered)).not.toBeNull();
    expect(recordedEvent('gen_ok', { provider: 'fal', pinned: true }, registered)).not.toBeNull();
  });

  it.each([
    [undefined, true],
    [null, true],
    ['2', true],
    [0, true],
    [1, true],
    [1.5, false],
    [2, false],
    [1000, false],
    [1001, true],
  ])('with attempt %j is a first one: %s', (attempt, isFirst) => {
    expect(recordedEvent('gen_route', { attempt }, registered) !== null).toBe(isFirst);
  });

  it('is a generation, a regenerate voucher, or nothing that moves a metric', () => {
    expect(recordedEvent('gen_ok', { provider: 'fal', request_id: 7 }, registered)).toEqual({
      ...{ kind: 'generated', provider: 'fal', requestId: '7' },
    });
    expect(recordedEvent('voucher_issued', { reason: 'regenerate', request_id: null }, registered)).toEqual({
      ...{ kind: 'voucher', provider: '', requestId: null, isSaid: false },
    });
    expect(recordedEvent('voucher_issued', { reason: 'birthday' }, registered)).toBeNull();
    expect([recordedEvent('gen_failed', {}, registered), recordedEvent(7, {}, registered)]).toEqual([null, null]);
    expect(recordedEvent('gen_ok', {}, registered)).toMatchObject({ requestId: null, provider: '' });
  });
});

describe('a line of a recording', () => {
  it('is stored by its bucket, its arrival and its kind', () => {
    const recording = read(
      route(
        { provider: 'runware', latency_ms: 9, cost_per_image: 0.5 },
        { created_at: isoAt(0.001), arrived_at: isoAt(7) },
      ),
      route({ provider: 'fal', error: 'x' }, { arrived_at: isoAt(-5) }),
      { event_type: 'gen_ok', event_data: { provider: 'fal' }, created_at: isoAt(10), arrived_at: null },
    );
    const grid = noonMs / 10_000;
    expect(recording.count).toBe(3);
    expect([...recording.bucket.slice(0, 3)]).toEqual([grid + 1, grid, grid + 1]);
    // Nothing arrives before it happens.
    expect([...recording.arrivedAt.slice(0, 3)]).toEqual([noonMs + 7000, noonMs, noonMs + 10_000]);
    expect([...recording.kind.slice(0, 3)]).toEqual([kinds.success, kinds.failure, kinds.generated]);
    expect([...recording.provider.slice(0, 3)].map((id) => recording.providers[id])).toEqual(['runware', 'fal', 'fal']);
    expect([...recording.latencyMs.slice(0, 2), ...recording.costNano.slice(0, 2)]).toEqual([
      9,
      Number.NaN,
      5e8,
      Number.NaN,
    ]);
    expect([recording.lines, recording.badCount]).toEqual([3, 0]);
  });

  it('may be blank, begin with a byte order mark, or carry its data as text', () => {
    const recording = read('', '   ', `\uFEFF${JSON.stringify(route('{"provider":"fal"}'))}`);
    expect([recording.lines, recording.count, recording.badCount]).toEqual([3, 1, 0]);
    expect(recording.providers[recording.provider[0] ?? 0]).toBe('fal');
  });

  it.each([[null], [7], ['not json'], ['[1]'], [[1]], ['"text"']])('with the data %j moves nothing', (data) => {
    expect([read(route(data)).count, read(route(data)).badCount]).toEqual([0, 0]);
  });

  it.each<[unknown, string]>([
    ['{bad', '{bad is not JSON'],
    [`{${'x'.repeat(80)}`, `{${'x'.repeat(62)}… is not JSON`],
    [`{${'x'.repeat(63)}`, `{${'x'.repeat(63)} is not JSON`],
    ['null', 'null is not an object'],
    ['[]', '[] is not an object'],
    ['7', '7 is not an object'],
    ['{"a":1}', '{"a":1} has neither event_type nor flag_key'],
    ['{"flag_key":7,"event_type":null}', '{"flag_key":7,"event_type":null} has neither event_type nor flag_key'],
    ['{"event_type":"gen_ok"}', 'created_at is missing; it must be an ISO instant'],
    ['{"event_type":"gen_ok","created_at":7}', 'created_at is 7; it must be an ISO instant'],
    ['{"flag_key":"X"}', 'updated_at is missing; it must be an ISO instant'],
    [
      { event_type: 'gen_ok', created_at: isoAt(0), arrived_at: 'soon' },
      'arrived_at is "soon"; it must be an ISO instant',
    ],
    ...['2026-02-30T00:00:00Z', '2026-03-02T24:30:00Z', '2026-03-02T12:00:75Z', '2026-13-02T12:00:00Z'].map(
      (created_at): [unknown, string] => [
        { event_type: 'gen_ok', created_at },
        `created_at is "${created_at}"; it must be an ISO instant`,
      ],
    ),
    ...['0068-09-03T13:20:00Z', '1999-12-31T23:59:59Z', '2101-01-01T00:00:00Z', '9999-01-01'].map(
      (updated_at): [unknown, string] => [
        { flag_key: 'K', updated_at },
        `updated_at is "${updated_at}"; it must be in the years 2000 to 2100`,
      ],
    ),
    [
      { event_type: 'gen_ok', created_at: isoAt(0), arrived_at: '9999-01-01' },
      'arrived_at is "9999-01-01"; it must be in the years 2000 to 2100',
    ],
  ])('%j is bad: %s', (row, sentence) => expect(fault(row)).toBe(sentence));

  it('that is bad is counted, and the first twenty are named by their place', () => {
    const recording = read('', ...Array.from({ length: 25 }, () => 'x'));
    expect([recording.badCount, recording.badLines.length, recording.lines]).toEqual([25, 20, 26]);
    expect(recording.badLines[0]).toEqual({ line: 2, fault: 'x is not JSON' });
  });

  it('of a flag keeps the text as it was written', () => {
    const flag = (flag_value_text: unknown) => ({ flag_key: 'K', flag_value_text, updated_at: isoAt(3) });
    expect(read(flag('{"a":1}'), flag(null), flag({ a: 1 }), flag(undefined)).flags).toEqual([
      { atMs: noonMs + 3000, key: 'K', text: '{"a":1}' },
      { atMs: noonMs + 3000, key: 'K', text: null },
      { atMs: noonMs + 3000, key: 'K', text: '{"a":1}' },
      { atMs: noonMs + 3000, key: 'K', text: null },
    ]);
  });

  it('of a voucher that names a request counts for the provider that made it, whichever came first', () => {
    const voucher = (request_id: unknown, provider?: string) => ({
      ...{ event_type: 'voucher_issued', created_at: isoAt(0) },
      event_data: { reason: 'regenerate', request_id, provider },
    });
    const made = { event_type: 'gen_ok', event_data: { provider: 'runware', request_id: 'a' }, created_at: isoAt(0) };
    const recording = read(voucher('a'), made, voucher('b'), voucher('a', 'fal'), voucher(undefined));
    recording.attribute();
    expect([...recording.provider.slice(0, 5)].map((id) => recording.providers[id])).toEqual([
      'runware',
      'runware',
      '',
      'fal',
      '',
    ]);
  });

  it('finds room however many there are', () => {
    const recording = read(
      ...Array.from({ length: 2500 }, (_, i) => route({ provider: 'fal', latency_ms: i, cost_per_image: 1 })),
    );
    expect([recording.count, recording.latencyMs[2499], recording.latencyMs[1023], recording.costNano[1024]]).toEqual([
      2500, 2499, 1023, 1e9,
    ]);
    expect([recording.kind[1500], recording.bucket[2499], recording.arrivedAt[2000], recording.provider[2400]]).toEqual(
      [kinds.success, noonMs / 10_000, noonMs, 1],
    );
  });
});
