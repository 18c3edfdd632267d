import { expect, it } from 'vitest';
import type { LineSample } from '@/lib/control/snapshot/story/story-store';
import { trendOf, trendSinceMs } from '@/lib/control/snapshot/story/trends';

const nowMs = Date.UTC(2026, 2, 2, 12, 0, 30);
const sample = (minute: number, over: Partial<LineSample> = {}): LineSample => ({
  ...{ slotMs: trendSinceMs(nowMs) + minute * 60_000 + 50_000, arm: 'runware', metric: 'failure_rate', verdict: 'ok' },
  ...{ value: 0.0123456, baseline: 0.01, hindrance: null, over: 0, hits: null, n: null, chance: null, ...over },
});
const crossed = (minute: number, over: Partial<LineSample> = {}) =>
  sample(minute, { verdict: 'breach', value: 0.05, over: 60, hits: 3, n: 40, chance: 0.03, ...over });

it('is a value a minute of the last hour, and knows nothing of minutes without a tick', () => {
  const trend = trendOf([sample(57), sample(59)], nowMs);
  expect(trend?.from).toBe('2026-03-02T11:01:00.000Z');
  expect(trend?.values).toHaveLength(60);
  expect(trend?.values.slice(56)).toEqual([null, 0.01235, null, 0.01235]);
  expect(trend?.baseline.at(-1)).toBe(0.01);
  expect(trend).toMatchObject({ over: [], spared: null });
  expect(trendOf([], nowMs)).toBeNull();
});

it('says of the last time over the line why nothing was done', () => {
  const held = { verdict: 'held', hindrance: 'could_be_luck', over: 300 } as const;
  const trend = trendOf([crossed(3), crossed(10), crossed(12, held), crossed(13), sample(14)], nowMs);
  // No tick said in between that it was well.
  expect(trend?.over).toEqual([[3, 13]]);
  expect(trend?.spared).toMatchObject({ hindrance: 'could_be_luck', over_seconds: 300, hits: 3, n: 40, chance: 0.03 });
  // A minute before the tick that first saw it, as that tick said.
  expect(trend?.spared).toMatchObject({ from: '2026-03-02T11:03:50.000Z', to: '2026-03-02T11:14:50.000Z' });
});

it('ends a span at a minute that was well, and spares nothing while a line is over', () => {
  const spans = [crossed(3), sample(4), crossed(20), crossed(21)];
  expect(trendOf([...spans, sample(22)], nowMs)?.over).toEqual([
    [3, 3],
    [20, 21],
  ]);
  expect(trendOf(spans, nowMs)?.spared).toBeNull();
});

it('was not let be where the line acted, or a person before it: the window is over for longer', () => {
  const after = { verdict: 'held', hindrance: 'nothing_to_roll_back', over: 600 } as const;
  expect(trendOf([crossed(3), crossed(8, after), sample(9)], nowMs)?.spared).toBeNull();
  expect(trendOf([crossed(3), crossed(4, { verdict: 'held', over: 300 }), sample(9)], nowMs)?.spared).toBeNull();
  expect(trendOf([crossed(3), sample(9)], nowMs)?.spared).toMatchObject({ hindrance: null });
});
