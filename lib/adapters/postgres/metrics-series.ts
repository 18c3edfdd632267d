import { type Bins, mergeBins, quantileOfBins } from '@/lib/rollout/quantile';
import type { MetricPoint } from '@/lib/rollout/snapshot';
import { orderedBins } from './bucket-row';
import type { Sql } from './connection';

export const mostPoints = 1000;
/** What is kept, coarsest first; see `sluice.read_spans`. */
const widthsSeconds = [900, 60, 10] as const;

type SpanRow = readonly [
  atMs: number,
  provider: string,
  requests: number,
  failures: number,
  bins: Readonly<Record<string, number>>,
  priced: number,
  costNano: number,
  generated: number,
  vouchers: number,
];

/** The step that gives at most 1,000 points, a whole number of the widths that are kept. */
export function stepFor(fromMs: number, toMs: number, wantedSeconds = 10): number {
  const least = Math.max(wantedSeconds, (toMs - fromMs) / 1000 / mostPoints);
  const width = widthsSeconds.find((each) => each <= least) ?? 10;
  return Math.max(10, Math.ceil(least / width - 1e-9) * width);
}

/**
 * One series per provider over (fromMs, toMs]; a point stands at the right end of its step. Read from the coarsest
 * table whose spans fill the step, so ten days cost little more than a day. Quantiles are within 1 %.
 */
export async function series(
  sql: Sql,
  fromMs: number,
  toMs: number,
  stepSeconds: number,
): Promise<Record<string, MetricPoint[]>> {
  const step = stepFor(fromMs, toMs, stepSeconds);
  const width = widthsSeconds.find((each) => step % each === 0) ?? 10;
  const [row] = await sql<{ rows: SpanRow[] }[]>`
    select coalesce(json_agg(json_build_array((extract(epoch from r.at) * 1000)::bigint, r.provider, r.requests,
      r.failures, r.bins, r.priced, r.cost_nano, r.generated, r.vouchers)), '[]') as rows
    from sluice.read_spans(${`${width} seconds`}::interval, to_timestamp(${fromMs}::float8 / 1000),
      to_timestamp(${toMs}::float8 / 1000)) r
    where r.provider <> ''`;
  const groups = new Map<string, SpanRow[]>();
  for (const each of row?.rows ?? []) {
    const key = `${Math.ceil(each[0] / (step * 1000)) * step * 1000} ${each[1]}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const providers: Record<string, MetricPoint[]> = {};
  for (const [key, rows] of groups) {
    const [atMs, provider] = [Number(key.split(' ')[0]), key.slice(key.indexOf(' ') + 1)];
    const points = providers[provider] ?? [];
    points.push(pointOf(atMs, rows));
    providers[provider] = points;
  }
  return providers;
}

function pointOf(atMs: number, rows: readonly SpanRow[]): MetricPoint {
  const sum = (column: 2 | 3 | 5 | 6 | 7 | 8) => rows.reduce((total, row) => total + row[column], 0);
  const [first] = rows;
  const bins: Bins =
    first && rows.length === 1 ? orderedBins(first[4]) : mergeBins(rows.map((row) => orderedBins(row[4])));
  const [requests, priced, generated] = [sum(2), sum(5), sum(7)];
  return {
    at: new Date(atMs).toISOString(),
    requests,
    p50_latency_ms: quantileOfBins(bins, 0.5),
    p95_latency_ms: quantileOfBins(bins, 0.95),
    p99_latency_ms: quantileOfBins(bins, 0.99),
    failure_rate: requests > 0 ? sum(3) / requests : null,
    cost_per_image: priced > 0 ? sum(6) / priced / 1e9 : null,
    regenerate_voucher_rate: generated > 0 ? sum(8) / generated : null,
  };
}
