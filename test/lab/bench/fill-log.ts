import { compact } from '@/lib/log/upkeep/maintenance';
import type { Sql } from '@/lib/postgres/sql';

const batchRows = 50_000;
const lanes = 2;
const daySeconds = 86_400;

/** Spread evenly over `seconds`, the newest `agoSeconds` ago: half attempts, half successes, a tenth the candidate's. */
export const insertEvents = (sql: Sql, rows: number, seconds: number, agoSeconds = 0, first = 0) => sql`
  insert into public.analytics_logs (event_type, event_data, created_at)
  select case when i % 2 = 0 then 'gen_route' else 'gen_ok' end,
    jsonb_build_object('request_id', i::text, 'provider', case when i % 20 < 2 then 'runware' else 'fal' end,
      'attempt', 1, 'latency_ms', 200 + ((i + ${first}::bigint) * 7919) % 6000, 'cost_per_image', 0.003),
    now() - (${agoSeconds}::float8 + i * ${seconds}::float8 / ${rows}::int) * interval '1 second'
  from generate_series(1, ${rows}::int) i`;

export interface Filling {
  readonly rows: number;
  readonly spanSeconds: number;
  /** How long ago the newest of them is. */
  readonly agoSeconds?: number;
}

/** Fills the log through the shipped triggers, with day partitions: about 100,000 rows a second on two cores. */
export async function fillLog(sql: Sql, { rows, spanSeconds, agoSeconds = 0 }: Filling): Promise<void> {
  for (let day = Math.ceil((spanSeconds + agoSeconds) / daySeconds); day > 1; day -= 1) {
    await sql`select sluice.add_partition(current_date - ${day}::int)`;
  }
  const steps = Math.ceil(rows / batchRows);
  let next = 0;
  const lane = async () => {
    for (let step = next++; step < steps; step = next++) {
      const batch = Math.min(batchRows, rows - step * batchRows);
      await insertEvents(sql, batch, spanSeconds / steps, agoSeconds + (step * spanSeconds) / steps, step);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await compact(sql);
  await sql`vacuum analyze`;
}
