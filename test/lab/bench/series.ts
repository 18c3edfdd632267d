import { performance } from 'node:perf_hooks';
import { readMetrics } from '@/lib/charts/read-metrics';
import type { Sql } from '@/lib/postgres/sql';
import { buildControls } from '@/lib/process/build-control';
import { fillLog } from './fill-log';
import { withScratchDatabase } from './scratch-database';
import { thePlanByMinute } from './the-plan';

export interface SeriesOptions {
  /** Rows in the log, spread over the days. */
  readonly rows: number;
  readonly days: number;
  readonly repeats: number;
  readonly print: (line: string) => void;
}

export interface SeriesRow {
  readonly hours: number;
  readonly points: number;
  readonly stepSeconds: number;
  /** The lines of all four metrics with their quantiles, in one reading; then the other panels. */
  readonly chartMs: number;
  readonly failuresMs: number;
  readonly costsMs: number;
  readonly examplesMs: number;
  /** The whole answer of `/api/metrics`: every panel, markers, breaches and comparison. */
  readonly allMs: number;
}

export const defaults: SeriesOptions = {
  rows: 1_000_000,
  days: 10,
  repeats: 15,
  print: (line) => process.stdout.write(`${line}\n`),
};

const hourMs = 3_600_000;

/** What the dashboard's panels cost over spans of up to ten days, beside the plan's SQL by the minute. */
export async function benchSeries(
  given: Partial<SeriesOptions> = {},
): Promise<{ rows: SeriesRow[]; planMs: number; timesPlan: number }> {
  const options = { ...defaults, ...given };
  return withScratchDatabase(async (sql) => {
    await fillLog(sql, { rows: options.rows, spanSeconds: options.days * 86_400 });
    const toMs = Date.now();
    const rows: SeriesRow[] = [];
    for (const hours of [1, 24, 72, options.days * 24]) {
      const row = await measure(sql, { fromMs: toMs - hours * hourMs, toMs }, options.repeats);
      rows.push(row);
      options.print(line(row));
    }
    const [planMs] = await times(1, () => thePlanByMinute(sql, toMs - options.days * 24 * hourMs, toMs));
    const timesPlan = (planMs ?? Number.NaN) / (rows.at(-1)?.allMs ?? Number.NaN);
    options.print(
      `the plan's SQL by the minute, ${options.days} days: ${planMs?.toFixed(0)} ms (${timesPlan.toFixed(0)} ×)`,
    );
    return { rows, planMs: planMs ?? Number.NaN, timesPlan };
  });
}

function line({ hours, points, stepSeconds, ...row }: SeriesRow): string {
  const panels = Object.entries(row).map(([name, ms]) => `${name.replace('Ms', '')} ${ms.toFixed(1)} ms`);
  return `${String(hours).padStart(4)} h, ${points} points of ${stepSeconds} s: ${panels.join(', ')}`;
}

async function measure(sql: Sql, span: { fromMs: number; toMs: number }, repeats: number): Promise<SeriesRow> {
  const facts = { build: 'bench', mode: 'live', environmentCostUsd: null } as const;
  const control = buildControls({ sql, tickSql: sql, ...facts }).first;
  const { series } = control;
  const { fromMs, toMs } = span;
  const query = { ...span, reachMs: hourMs, slowFromMs: 8000 };
  const { series: lines, stepSeconds } = await series.chart(query);
  return {
    hours: (toMs - fromMs) / hourMs,
    points: Math.max(0, ...Object.values(lines).map((points) => points.length)),
    stepSeconds,
    chartMs: median(await times(repeats, () => series.chart(query))),
    failuresMs: median(await times(repeats, () => series.failureKinds(fromMs, toMs))),
    costsMs: median(await times(repeats, () => series.costBases(fromMs, toMs))),
    examplesMs: median(await times(repeats, () => series.failureExamples(fromMs, toMs))),
    allMs: median(await times(repeats, () => readMetrics(control, span))),
  };
}

async function times(count: number, once: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let run = 0; run < count; run += 1) {
    const from = performance.now();
    await once();
    taken.push(performance.now() - from);
  }
  return taken;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
