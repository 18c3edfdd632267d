import type { ChartRow } from './chart-rows';
import type { Scales } from './plot';

/** As long as a point that stands alone is drawn. */
const alonePx = 3;

/** One series as a path of SVG. Where nothing was measured, or for longer than `gapMs` nothing is known, no line is. */
export function linePath(rows: readonly ChartRow[], key: string, { x, y }: Scales, gapMs: number): string {
  return runsOf(rows, [key], gapMs)
    .map((run) => {
      const points = run.map((row) => `${x(row.atMs)},${y(row[key] ?? 0)}`);
      if (points.length > 1) return `M${points.join('L')}`;
      const [{ atMs, [key]: value } = { atMs: 0 }] = run;
      return `M${x(atMs) - alonePx / 2},${y(value ?? 0)}h${alonePx}`;
    })
    .join('');
}

/** What lies between two series, with the same gaps. */
export function bandPath(
  rows: readonly ChartRow[],
  [low, high]: readonly [low: string, high: string],
  { x, y }: Scales,
  gapMs: number,
): string {
  return runsOf(rows, [low, high], gapMs)
    .filter((run) => run.length > 1)
    .map((run) => {
      const edge = (key: string) => run.map((row) => `${x(row.atMs)},${y(row[key] ?? 0)}`);
      return `M${[...edge(high), ...edge(low).toReversed()].join('L')}Z`;
    })
    .join('');
}

/** Rows that are joined. One without a column is another arm's; one with null says that nothing was measured. */
function runsOf(rows: readonly ChartRow[], keys: readonly string[], gapMs: number): readonly (readonly ChartRow[])[] {
  const runs: ChartRow[][] = [];
  let run: ChartRow[] = [];
  for (const row of rows) {
    if (keys.every((key) => row[key] === undefined)) continue;
    const isKnown = keys.every((key) => typeof row[key] === 'number');
    if (!isKnown || row.atMs - (run.at(-1)?.atMs ?? row.atMs) > gapMs) run = [];
    if (!isKnown) continue;
    if (run.length === 0) runs.push(run);
    run.push(row);
  }
  return runs;
}
