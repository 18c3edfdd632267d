import type { Sql } from '@/lib/postgres/sql';

/** The plan's four statements, verbatim. */
export async function thePlan(sql: Sql): Promise<void> {
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

/** The same figures as series, by the minute, over days: what a dashboard on the raw rows would ask. */
export async function thePlanByMinute(sql: Sql, fromMs: number, toMs: number): Promise<void> {
  const inside = sql`created_at > to_timestamp(${fromMs}::float8 / 1000) and created_at <= to_timestamp(${toMs}::float8 / 1000)`;
  await sql`
    select date_trunc('minute', created_at) as minute, event_data->>'provider' as provider, count(*) as requests,
      percentile_cont(array[0.5, 0.95, 0.99]) within group (order by (event_data->>'latency_ms')::numeric) as latency_ms,
      count(*) filter (where event_data->>'error' is not null) * 100.0 / count(*) as failure_rate_percent,
      avg((event_data->>'cost_per_image')::numeric) as avg_cost_per_image
    from analytics_logs where event_type = 'gen_route' and ${inside} group by 1, 2 order by 1, 2`;
  await sql`
    select date_trunc('minute', created_at) as minute,
      count(*) filter (where event_type = 'voucher_issued' and event_data->>'reason' = 'regenerate') * 100.0
        / nullif(count(*) filter (where event_type = 'gen_ok'), 0) as regenerate_voucher_rate_percent
    from analytics_logs where ${inside} group by 1 order by 1`;
}
