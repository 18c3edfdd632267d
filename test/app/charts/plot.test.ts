import { describe, expect, it } from 'vitest';
import { widerSpan, zoomSpan } from '@/app/_components/charts/plot';
import { roundTicks } from '@/app/_components/charts/round-ticks';
import { roundValues } from '@/app/_components/charts/round-values';

const at = (time: string) => Date.parse(`2026-03-02T${time}Z`);
const written = (span: { readonly from: string; readonly to: string }) => [span.from.slice(11), span.to.slice(11)];

describe('what was dragged over', () => {
  it.each([
    ['from left to right', [0.25, 0.5], ['10:15:00Z', '10:30:00Z']],
    ['from right to left', [0.5, 0.25], ['10:15:00Z', '10:30:00Z']],
    ['beyond the edge, up to it', [0.5, 1.4], ['10:30:00Z', '11:00:00Z']],
    ['of a few seconds, a minute around them', [0.5, 0.5], ['10:29:30Z', '10:30:30Z']],
  ] as const)('%s', (_, parts, span) => {
    expect(written(zoomSpan(at('10:00:00'), at('11:00:00'), parts))).toEqual(span);
  });
});

describe('the way out', () => {
  it.each([
    ['goes to both sides', ['10:00:00', '11:00:00'], '12:00:00', ['09:30:00Z', '11:30:00Z']],
    ['never goes beyond now', ['10:00:00', '11:00:00'], '11:10:00', ['09:10:00Z', '11:10:00Z']],
    ['nor back from what is shown', ['10:00:00', '11:00:00'], '10:59:00', ['09:00:00Z', '11:00:00Z']],
  ] as const)('%s', (_, [from, to], now, span) => {
    expect(written(widerSpan(at(from), at(to), at(now)))).toEqual(span);
  });

  it('ends where the API looks no further', () => {
    const toMs = at('10:00:00');
    const { from, to } = widerSpan(toMs - 9 * 86_400_000, toMs, toMs);
    expect(Date.parse(to) - Date.parse(from)).toBe(10 * 86_400_000);
  });
});

describe('the ticks of a time axis', () => {
  it.each([
    ['an hour', '10:03:20', 3600, 600],
    ['a quarter of an hour', '10:03:20', 900, 120],
    ['six hours', '04:03:20', 6 * 3600, 3600],
    ['a minute', '10:03:21', 60, 10],
    ['a day', '00:10:00', 86_400, 3 * 3600],
  ])('of %s are round and few', (_, from, seconds, stepSeconds) => {
    const ticks = roundTicks(at(from), at(from) + seconds * 1000);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThanOrEqual(9);
    for (const [index, tick] of ticks.entries()) {
      expect(tick).toBeGreaterThanOrEqual(at(from));
      const sinceMidnight = (tick - new Date(tick).setHours(0, 0, 0, 0)) / 1000;
      expect(sinceMidnight % stepSeconds).toBe(0);
      if (index > 0) expect(tick - (ticks[index - 1] ?? 0)).toBe(stepSeconds * 1000);
    }
  });

  it('of a week are midnights', () => {
    const ticks = roundTicks(at('10:03:20'), at('10:03:20') + 7 * 86_400_000);
    expect(ticks).toHaveLength(7);
    expect(ticks.every((tick) => new Date(tick).getHours() === 0)).toBe(true);
  });
});

describe('the ticks of a value axis', () => {
  it.each([
    [8000, [0, 2000, 4000, 6000, 8000]],
    [0.0036, [0, 0.001, 0.002, 0.003, 0.004]],
    [0.38, [0, 0.1, 0.2, 0.3, 0.4]],
    [0.1854, [0, 0.05, 0.1, 0.15, 0.2]],
    [61, [0, 20, 40, 60, 80]],
    [0, null],
  ])('up to %s are round', (highest, values) => {
    expect(roundValues(highest)).toEqual(values);
  });
});
