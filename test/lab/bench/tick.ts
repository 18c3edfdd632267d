import { BucketReader } from '@/lib/log/buckets/bucket-reader';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { buildControls } from '@/lib/process/build-control';
import { fillLog } from './fill-log';
import type { Processor } from './processor';
import { withScratchDatabase } from './scratch-database';
import { thePlan } from './the-plan';
import { beginRollout, takeStep, timed, warmUp } from './tick-step';

export interface TickOptions {
  /** Rows in the log; five minutes hold one in a hundred of them. */
  readonly sizes: readonly number[];
  readonly repeats: number;
  readonly print: (line: string) => void;
}

/** Processor time is that of the whole tick. */
export interface TickRow extends Processor {
  readonly rows: number;
  readonly planMs: number;
  /** Everything one tick reads, by a process that knows nothing yet, and by one that read ten seconds ago. */
  readonly coldMs: number;
  readonly warmMs: number;
  /** Four red lines, both providers, hold and evidence, on what was read. */
  readonly judgeMs: number;
  /** Reading and judging: what the plan's four statements are compared with. */
  readonly evaluationMs: number;
  /** The whole tick: claim of the slot, state, evaluation, alerts, heartbeat row, commit. */
  readonly tickMs: number;
}

export const defaults: TickOptions = {
  sizes: [100_000, 1_000_000],
  repeats: 15,
  print: (line) => process.stdout.write(`${line}\n`),
};

/** The default policy's longest look back: 16 × (hold + window) of the failure line, and the cost window before it. */
const reachMs = (16 * 10 + 70) * 60_000;
const spanSeconds = 30_000;

/** What one tick costs, beside the plan's four statements on the same rows. */
export async function run(given: Partial<TickOptions> = {}): Promise<{ rows: TickRow[] }> {
  const options = { ...defaults, ...given };
  const rows: TickRow[] = [];
  for (const size of options.sizes) {
    const row = await withScratchDatabase((sql, url) => measure(sql, url, size, options.repeats));
    rows.push(row);
    options.print(line(row));
  }
  return { rows };
}

function line(row: TickRow): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return (
    `${row.rows.toLocaleString('en')} rows: plan ${ms(row.planMs)}; evaluation ${ms(row.evaluationMs)} ` +
    `(read ${ms(row.warmMs)}, judge ${ms(row.judgeMs)}): ${Math.round(row.planMs / row.evaluationMs)} ×; ` +
    `whole tick with its transaction ${ms(row.tickMs)}: ${Math.round(row.planMs / row.tickMs)} ×; cold read ${ms(row.coldMs)}; ` +
    `processor of a whole tick ${ms(row.nodeMs)} node, ${ms(row.postgresMs)} Postgres`
  );
}

async function measure(sql: Sql, url: string, size: number, repeats: number): Promise<TickRow> {
  // The last seconds are left for the steps to fill.
  await fillLog(sql, { rows: size, spanSeconds, agoSeconds: repeats * 10 });
  await beginRollout(sql);
  const tickSql = connect(url, { name: 'bench tick', max: 2, silenceMs: null });
  try {
    const facts = { build: 'bench', mode: 'live', environmentCostUsd: null } as const;
    const controls = buildControls({ sql, tickSql, ...facts });
    const known = await warmUp(sql, controls);
    const steps = await inTurn(repeats, (step) => {
      const agoSeconds = (repeats - 1 - step) * 10;
      return takeStep({ sql, controls, rowsPerSecond: size / spanSeconds, agoSeconds }, known);
    });
    const nowMs = Date.now();
    const cold = () => new BucketReader().read(sql, 'GEN_PROVIDER_WEIGHTS', nowMs - reachMs, nowMs);
    const coldMs = median(await inTurn(Math.min(repeats, 7), async () => (await timed(cold))[0]));
    const planMs = median(await inTurn(Math.min(repeats, 5), async () => (await timed(() => thePlan(sql)))[0]));
    const [warmMs, judgeMs] = [median(steps.map(({ readMs }) => readMs)), median(steps.map((each) => each.judgeMs))];
    const evaluationMs = median(steps.map((each) => each.readMs + each.judgeMs));
    return {
      rows: size,
      planMs,
      coldMs,
      warmMs,
      judgeMs,
      evaluationMs,
      tickMs: median(steps.map((each) => each.tickMs)),
      nodeMs: median(steps.map((each) => each.nodeMs)),
      postgresMs: median(steps.map((each) => each.postgresMs)),
    };
  } finally {
    await tickSql.end({ timeout: 5 });
  }
}

async function inTurn<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index += 1) results.push(await work(index));
  return results;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
