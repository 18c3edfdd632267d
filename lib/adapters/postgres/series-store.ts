import type { SeriesStore } from '@/lib/operations/ports/series';
import { type BucketRow, bucketOf } from './bucket-row';
import type { Sql } from './connection';
import { costBases, failureExamples, failureKinds } from './metrics-details';
import { series, stepFor } from './metrics-series';

export function seriesStore(sql: Sql): SeriesStore {
  return {
    stepSeconds: (fromMs, toMs) => stepFor(fromMs, toMs),
    series: (fromMs, toMs, stepSeconds) => series(sql, fromMs, toMs, stepSeconds),

    async spans(fromMs, toMs, widthSeconds) {
      const [row] = await sql<{ rows: BucketRow[] }[]>`
        select coalesce(json_agg(json_build_array((extract(epoch from r.at) * 1000)::bigint, r.provider, r.requests,
          r.failures, r.refused, r.bins, r.priced, r.cost_nano, r.cost_nano_squared, r.generated, r.vouchers)), '[]')
          as rows
        from sluice.read_spans(${`${widthSeconds} seconds`}::interval, to_timestamp(${fromMs}::float8 / 1000),
          to_timestamp(${toMs}::float8 / 1000)) r`;
      return (row?.rows ?? []).map(bucketOf);
    },

    failureKinds: (fromMs, toMs) => failureKinds(sql, fromMs, toMs),
    costBases: (fromMs, toMs) => costBases(sql, fromMs, toMs),
    failureExamples: (fromMs, toMs) => failureExamples(sql, fromMs, toMs),
  };
}
