import type { ChartRow } from '../chart-rows';

/** The place of the row next to an instant; −1 where there is none. */
export function nearestRow(rows: readonly ChartRow[], atMs: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.atMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [rows[low - 1], rows[low]];
  if (before === undefined) return after === undefined ? -1 : low;
  return after === undefined || atMs - before.atMs <= after.atMs - atMs ? low - 1 : low;
}

/** What a series says there. A figure over a window stands as long as that; another only in its own step. */
export function valueAt(rows: readonly ChartRow[], index: number, key: string, standsMs: number): number | null {
  const atMs = rows[index]?.atMs ?? 0;
  for (let back = index; back >= 0; back--) {
    const row = rows[back];
    if (row === undefined || atMs - row.atMs > standsMs) return null;
    const value = row[key];
    if (value !== undefined) return value;
  }
  return null;
}
