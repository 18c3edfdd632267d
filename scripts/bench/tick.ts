import { performance } from 'node:perf_hooks';
import { BucketReader } from '@/lib/adapters/postgres/bucket-reader';
import type { Sql } from '@/lib/adapters/postgres/connection';
import { compact } from '@/lib/adapters/postgres/maintenance';
import { withScratchDatabase } from './scratch-database';

export interface TickOptions {
  /** Rows in the log; five minutes hold one in a hundred of them. */
  readonly sizes: readonly number[];
  readonly repeats: number;
  readonly print: (line: string) => void;
}

export interface TickRow {
  readonly rows: number;
  readonly planMs: number;
  /** Everything one tick reads, by a process that knows nothing yet, and by one that read ten seconds ago. */
  readonly coldMs: number;
  readonly warmMs: number;
}

export const defaults: TickOptions = {
  sizes: [100_000, 1_000_000],
  repeats: 15,
  print: (line) => process.stdout.write(`${line}\n`),
};

/** The default policy's longest look back: 16 × (hold + window) of the failure line, and the cost window before it. */
const reachMs = (16 * 10 + 70) * 60_000;
const spanSeconds = 30_000;

/** What one tick costs to read, beside the plan's four statements on the same rows. */
export async function run(given: Partial<TickOptions> = {}): Promise<{ rows: TickRow[] }> {
  const options = { ...defaults, ...given };
  const rows: TickRow[] = [];
  for (const size of options.sizes) {
    const row = await withScratchDatabase((sql) => measure(sql, size, options.repeats));
    rows.push(row);
    options.print(
      `${size.toLocaleString('en')} rows: plan ${row.planMs.toFixed(1)} ms, cold ${row.coldMs.toFixed(1)} ms, ` +
        `warm ${row.warmMs.toFixed(2)} ms (${Math.round(row.planMs / row.warmMs)} ×)`,
    );
  }
  return { rows };
}

async function measure(sql: Sql, size: number, repeats: number): Promise<TickRow> {
  await fill(sql, size);
  const nowMs = Date.now();
  const warm = new BucketReader();
  await warm.read(sql, nowMs - reachMs, nowMs);
  const planMs = await median(Math.min(repeats, 5), () => thePlan(sql));
  const coldMs = await median(repeats, () => new BucketReader().read(sql, nowMs - reachMs, nowMs));
  const warmMs = await median(
    repeats,
    () => warm.read(sql, nowMs - reachMs, nowMs),
    () => insert(sql, Math.ceil((size / spanSeconds) * 10), 10),
  );
  return { rows: size, planMs, coldMs, warmMs };
}

async function fill(sql: Sql, size: number): Promise<void> {
  const steps = Math.ceil(size / 100_000);
  for (let step = 0; step < steps; step += 1) {
    await insert(sql, Math.min(100_000, size - step * 100_000), spanSeconds / steps, (step * spanSeconds) / steps);
  }
  await compact(sql);
  await sql`vacuum analyze`;
}

const insert = (sql: Sql, rows: number, seconds: number, agoSeconds = 0) => sql`
  insert into public.analytics_logs (event_type, event_data, created_at)
  select case when i % 2 = 0 then 'gen_route' else 'gen_ok' end,
    jsonb_build_object('request_id', i::text, 'provider', case when i % 20 < 2 then 'runware' else 'fal' end,
      'attempt', 1, 'latency_ms', 200 + (i * 7919::bigint) % 6000, 'cost_per_image', 0.003),
    now() - (${agoSeconds}::float8 + i * ${seconds}::float8 / ${rows}::int) * interval '1 second'
  from generate_series(1, ${rows}::int) i`;

async function thePlan(sql: Sql): Promise<void> {
  await sql`
    select event_data->>'provider' as provider,
      percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95_latency_ms
    from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '5 minutes' group by 1`;
  await sql`
    select event_data->>'provider' as provider,
      count(*) filter (where event_data->>'error' is not null) * 100.0 / count(*) as failure_rate_percent
    from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '5 minutes' group by 1`;
  await sql`
    select event_data->>'provider' as provider, avg((event_data->>'cost_per_image')::numeric) as avg_cost_per_image
    from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '1 hour'
      and event_data->>'cost_per_image' is not null group by 1`;
  await sql`
    select count(*) filter (where event_type = 'voucher_issued' and event_data->>'reason' = 'regenerate') * 100.0
      / count(*) filter (where event_type = 'gen_ok') as regenerate_voucher_rate_percent
    from analytics_logs where created_at >= now() - interval '1 hour'`;
}

async function median(
  repeats: number,
  work: () => PromiseLike<unknown>,
  before: () => PromiseLike<unknown> = async () => {},
): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < repeats; i += 1) {
    await before();
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)] ?? Number.NaN;
}
