import type { JobMetric, Metric } from '@/lib/split/policy/metrics';
import { firstSplit } from '@/lib/split/split-key';

export interface ComparedSpan {
  readonly split: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The plan's own statement for a metric over a span, restricted to first attempts as the red lines are. */
export function comparisonSql(metric: Metric, { split, fromMs, toMs }: ComparedSpan): string {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const span = `created_at > '${from}' and created_at <= '${to}'`;
  const { route, ok, isVoucher, arm } = split === firstSplit ? ofThePlan : ofSplit(split);
  const firstAttempts = `where ${route} and coalesce((event_data->>'attempt')::int, 1) = 1 and ${span}`;
  switch (metric) {
    case 'p95_latency_ms':
      return `select ${arm},\n       percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95_latency_ms\nfrom analytics_logs ${firstAttempts} group by 1;`;
    case 'failure_rate':
    case 'accept_failure_rate':
      return `select ${arm},\n       count(*) filter (where event_data->>'error' is not null) * 100.0 / count(*) as failure_rate_percent\nfrom analytics_logs ${firstAttempts} group by 1;`;
    case 'cost_per_image':
      return `select ${arm}, avg((event_data->>'cost_per_image')::numeric) as avg_cost_per_image\nfrom analytics_logs ${firstAttempts} and event_data->>'cost_per_image' is not null group by 1;`;
    case 'regenerate_voucher_rate':
      return `select count(*) filter (where event_type = 'voucher_issued' and event_data->>'reason' = 'regenerate'${isVoucher}) * 100.0\n     / nullif(count(*) filter (where ${ok}), 0) as regenerate_voucher_rate_percent\nfrom analytics_logs where ${span};`;
    default:
      return jobSql(metric, { split, fromMs, toMs });
  }
}

/** What became of jobs, by when they began. Those that have not ended are in none of these rows. */
function jobSql(metric: Exclude<JobMetric, 'accept_failure_rate'>, { split, fromMs, toMs }: ComparedSpan): string {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const began = "(event_data->>'created_at')::timestamptz";
  const where = `where event_type in ('split_ok', 'split_failed') and event_data->>'split' = '${split}' and event_data->>'phase' = 'end'\n  and coalesce(event_data->>'outcome' not in ('cancelled', 'refused'), true) and ${began} > '${from}' and ${began} <= '${to}'`;
  const figure = {
    end_failure_rate:
      "count(*) filter (where event_type = 'split_failed') * 100.0 / count(*) as end_failure_rate_percent",
    p95_time_to_done_ms:
      "percentile_cont(0.95) within group (order by (event_data->>'duration_ms')::numeric) as p95_time_to_done_ms",
    cost_per_unit: "avg((event_data->>'cost_per_unit')::numeric) as avg_cost_per_unit",
  }[metric];
  return `select event_data->>'arm' as arm,\n       ${figure}\nfrom analytics_logs ${where} group by 1;`;
}

const ofThePlan = {
  route: "event_type = 'gen_route'",
  ok: "event_type = 'gen_ok'",
  isVoucher: '',
  arm: "event_data->>'provider' as provider",
};

function ofSplit(split: string): typeof ofThePlan {
  const rows = (what: string) => `event_type = 'split_${what}' and event_data->>'split' = '${split}'`;
  return {
    route: rows('route'),
    ok: rows('ok'),
    isVoucher: `\n         and sluice.split_of_voucher(event_data) = '${split}'`,
    arm: "event_data->>'arm' as arm",
  };
}
