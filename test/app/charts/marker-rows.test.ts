import { describe, expect, it } from 'vitest';
import { markerRows } from '@/app/_components/charts/marker-rows';

const mark = (from: number, isFirst = false) => ({ from, to: from + 30, isFirst });

describe('the names of markers', () => {
  it.each([
    ['far apart, all in one row', [mark(0), mark(50), mark(100)], [0, 0, 0]],
    ['that touch, in one row', [mark(0), mark(30)], [0, 0]],
    ['near each other, in two rows', [mark(0), mark(20), mark(40)], [0, 1, 0]],
    ['on one spot, the newest two', [mark(10), mark(11), mark(12)], [null, 1, 0]],
    ['on one spot, the rollback before all', [mark(10, true), mark(11), mark(12)], [0, null, 1]],
    ['none', [], []],
  ])('%s', (_, marks, rows) => {
    expect(markerRows(marks)).toEqual(rows);
  });
});
