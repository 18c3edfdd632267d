import { describe, expect, it } from 'vitest';
import { markerRows } from '@/app/_components/charts/marker-rows';

describe('the names of markers', () => {
  it.each([
    ['far apart, all in one row', [0, 50, 100], [0, 0, 0]],
    ['near each other, in two rows', [10, 20, 30], [0, 1, 0]],
    ['on one spot, the last alone', [10, 10.5, 11], [null, null, 0]],
    ['none', [], []],
  ])('%s', (_, at, rows) => {
    expect(markerRows(at, 100)).toEqual(rows);
  });
});
