import { describe, expect, it } from 'vitest';
import type { ChartRow } from '@/app/_components/charts/chart-rows';
import { nearestRow, valueAt } from '@/app/_components/charts/hand/nearest-row';

const rows = [
  { atMs: 10, a: 1 },
  { atMs: 20, b: 2 },
  { atMs: 30, a: null, b: 3 },
] as readonly ChartRow[];

describe('the row under a hand', () => {
  it.each([
    [0, 0],
    [10, 0],
    [15, 0],
    [16, 1],
    [29, 2],
    [99, 2],
  ])('at %i is number %i', (atMs, index) => {
    expect(nearestRow(rows, atMs)).toBe(index);
  });

  it('is none where there are none', () => {
    expect(nearestRow([], 5)).toBe(-1);
  });
});

describe('what a series says there', () => {
  it.each([
    ['its figure', 0, 'a', 0, 1],
    ['nothing in a step of others', 1, 'a', 0, null],
    ['the figure before as long as its window', 1, 'a', 10, 1],
    ['nothing beyond the window', 1, 'a', 9, null],
    ['nothing where nothing was measured', 2, 'a', 20, null],
  ])('%s', (_, index, key, standsMs, value) => {
    expect(valueAt(rows, index, key, standsMs)).toBe(value);
  });
});
