/** The plan's five queries, verbatim. */
export const p95Sql = `select event_data->>'provider' as provider,
       percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95_latency_ms
from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '5 minutes' group by 1;`;

export const failureSql = `select event_data->>'provider' as provider,
       count(*) filter (where event_data->>'error' is not null) * 100.0 / count(*) as failure_rate_percent
from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '5 minutes' group by 1;`;

export const costSql = `select event_data->>'provider' as provider, avg((event_data->>'cost_per_image')::numeric) as avg_cost_per_image
from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '1 hour'
  and event_data->>'cost_per_image' is not null group by 1;`;

export const voucherSql = `select count(*) filter (where event_type = 'voucher_issued' and event_data->>'reason' = 'regenerate') * 100.0
     / count(*) filter (where event_type = 'gen_ok') as regenerate_voucher_rate_percent
from analytics_logs where created_at >= now() - interval '1 hour';`;

export const distributionSql = `select event_data->>'provider' as provider, count(*) as request_count,
       count(*) * 100.0 / sum(count(*)) over () as percentage
from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '10 minutes' group by 1 order by 1;`;

export const planStatements = { p95Sql, failureSql, costSql, voucherSql, distributionSql };
