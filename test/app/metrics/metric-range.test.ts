import { describe, expect, it } from 'vitest';
import { isBetween, rangeOf, searchOf, spanOfRange } from '@/app/_components/metrics/metric-range';

const nowMs = Date.parse('2026-03-20T12:00:00Z');
const started = '2026-03-20T09:00:00Z';
const [from, to] = ['2026-03-20T10:00:00Z', '2026-03-20T10:05:00Z'];

describe('what the charts show', () => {
  it.each([
    ['', { window: '1h' }],
    ['window=6h', { window: '6h' }],
    ['window=7000d', { window: '1h' }],
    ['window=stage', { from: started }],
    [`window=stage&from=${from}&to=${to}`, { from, to }],
    [`from=${from}`, { from }],
    // The API says what is wrong with it.
    ['from=yesterday', { from: 'yesterday' }],
  ])('is asked for by the address ?%s', (search, span) => {
    expect(spanOfRange(rangeOf(new URLSearchParams(search)), started, nowMs)).toEqual(span);
  });

  it.each([
    [null, { window: '1h' }],
    ['2026-03-01T00:00:00Z', { window: '10d' }],
  ])('of a stage since %s is what can be asked for', (since, span) => {
    expect(spanOfRange(rangeOf(new URLSearchParams('window=stage')), since, nowMs)).toEqual(span);
  });

  it('keeps the rest of the address, and the window to come back to', () => {
    const zoomed = searchOf(new URLSearchParams('metric=failure_rate&window=6h'), { window: '6h', from, to });
    expect(Object.fromEntries(zoomed)).toEqual({ metric: 'failure_rate', window: '6h', from, to });
    expect(isBetween(rangeOf(zoomed))).toBe(true);
    const back = searchOf(zoomed, { ...rangeOf(zoomed), from: null, to: null });
    expect(`${back}`).toBe('metric=failure_rate&window=6h');
  });
});
