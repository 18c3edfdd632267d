import type { Metric } from '@/lib/split/policy/policy';

/** The plan's own statement for a metric over a span, restricted to first attempts as the red lines are. */
export function comparisonSql(metric: Metric, { fromMs, toMs }: { fromMs: number; toMs: number }): string {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const span = `created_at > '${from}' and created_at <= '${to}'`;
  const firstAttempts = `where event_type = 'gen_route' and coalesce((event_data->>'attempt')::int, 1) = 1 and ${span}`;
  const provider = "event_data->>'provider' as provider";
  switch (metric) {
    case 'p95_latency_ms':
      return `select ${provider},\n       percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95_latency_ms\nfrom analytics_logs ${firstAttempts} group by 1;`;
    case 'failure_rate':
      return `select ${provider},\n       count(*) filter (where event_data->>'error' is not null) * 100.0 / count(*) as failure_rate_percent\nfrom analytics_logs ${firstAttempts} group by 1;`;
    case 'cost_per_image':
      return `select ${provider}, avg((event_data->>'cost_per_image')::numeric) as avg_cost_per_image\nfrom analytics_logs ${firstAttempts} and event_data->>'cost_per_image' is not null group by 1;`;
    case 'regenerate_voucher_rate':
      return `select count(*) filter (where event_type = 'voucher_issued' and event_data->>'reason' = 'regenerate') * 100.0\n     / nullif(count(*) filter (where event_type = 'gen_ok'), 0) as regenerate_voucher_rate_percent\nfrom analytics_logs where ${span};`;
  }
}
