import type { Sql } from '@/lib/adapters/postgres/connection';
import { compact } from '@/lib/adapters/postgres/maintenance';

const batchRows = 50_000;
const lanes = 2;
const daySeconds = 86_400;

/** Every second row a request, every second a success; a tenth of both the candidate's. */
export const insertEvents = (sql: Sql, rows: number, seconds: number, agoSeconds = 0) => sql`
  insert into public.analytics_logs (event_type, event_data, created_at)
  select case when i % 2 = 0 then 'gen_route' else 'gen_ok' end,
    jsonb_build_object('request_id', i::text, 'provider', case when i % 20 < 2 then 'runware' else 'fal' end,
      'attempt', 1, 'latency_ms', 200 + (i * 7919::bigint) % 6000, 'cost_per_image', 0.003),
    now() - (${agoSeconds}::float8 + i * ${seconds}::float8 / ${rows}::int) * interval '1 second'
  from generate_series(1, ${rows}::int) i`;

/** Fills the log evenly over the last `spanSeconds`, through the shipped triggers: about 100,000 rows a second on two cores. */
export async function fillLog(sql: Sql, rows: number, spanSeconds: number): Promise<void> {
  for (let day = Math.ceil(spanSeconds / daySeconds); day > 1; day -= 1) {
    await sql`select sluice.add_partition(current_date - ${day}::int)`;
  }
  const steps = Math.ceil(rows / batchRows);
  let next = 0;
  const lane = async () => {
    for (let step = next++; step < steps; step = next++) {
      const batch = Math.min(batchRows, rows - step * batchRows);
      await insertEvents(sql, batch, spanSeconds / steps, (step * spanSeconds) / steps);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await compact(sql);
  await sql`vacuum analyze`;
}
