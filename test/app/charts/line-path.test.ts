import { describe, expect, it } from 'vitest';
import type { ChartRow } from '@/app/_components/charts/chart-rows';
import { bandPath, linePath } from '@/app/_components/charts/line-path';
import { scalesOf } from '@/app/_components/charts/plot';

// 100 s on 100 px from 58, values up to 100 on 100 px down from 26.
const scales = scalesOf({ width: 166, height: 156 }, 0, 100_000, 100);
const row = (second: number, values: Readonly<Record<string, number | null>>) =>
  ({ ...values, atMs: second * 1000 }) as ChartRow;
const line = (...rows: ChartRow[]) => linePath(rows, 'a', scales, 15_000);

describe('the line of a series', () => {
  it.each([
    ['joins what follows each other', [row(0, { a: 0 }), row(10, { a: 100 })], 'M58,126L68,26'],
    ['stops at what was not measured', [row(0, { a: 1 }), row(10, { a: null }), row(20, { a: 1 })], /^M[^L]*M[^L]*$/],
    ['is no bridge over steps that nobody knows', [row(0, { a: 1 }), row(16, { a: 1 })], /^M[^L]*M[^L]*$/],
    ['joins up to exactly the gap', [row(0, { a: 0 }), row(15, { a: 0 })], 'M58,126L73,126'],
    ['passes rows of other arms', [row(0, { a: 0 }), row(5, { b: 9 }), row(10, { a: 0 })], 'M58,126L68,126'],
    ['shows a point that stands alone', [row(50, { a: 50 })], 'M106.5,76h3'],
    ['of nothing is nothing', [row(0, { a: null })], ''],
  ])('%s', (_, rows, path) => {
    expect(line(...rows)).toEqual(typeof path === 'string' ? path : expect.stringMatching(path));
  });

  it('ends at the edge of the span', () => {
    expect(line(row(95, { a: 0 }), row(105, { a: 0 }))).toBe('M153,126L158,126');
  });
});

describe('a band', () => {
  it('lies between its two series, where both are known', () => {
    const rows = [
      row(0, { low: 10, high: 20 }),
      row(10, { low: 10, high: 30 }),
      row(20, { low: 10, high: null }),
      row(30, { low: 10, high: 20 }),
    ];
    expect(bandPath(rows, ['low', 'high'], scales, 15_000)).toBe('M58,106L68,96L68,116L58,116Z');
  });
});
