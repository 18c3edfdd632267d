import type { Sql, Tx } from '@/lib/postgres/sql';

type Width = '10 seconds' | '1 minute' | '15 minutes';

const tableOf: Readonly<Record<Width, string>> = {
  '10 seconds': 'sluice.buckets',
  '1 minute': 'sluice.minutes',
  '15 minutes': 'sluice.quarters',
};

/** What the buckets of one width hold of a split, folded or not, rows of every doubt together: at, provider, figures and bags. */
export function bucketRows(
  sql: Sql | Tx,
  { split = 'GEN_PROVIDER_WEIGHTS', width = '10 seconds' }: { split?: string; width?: Width } = {},
) {
  const coarsen = width === '15 minutes' ? 'sluice.coarsen' : '';
  return sql.unsafe(
    `select r.at, r.provider, sum(r.requests)::int as requests, sum(r.failures)::int as failures,
      sum(r.refused)::int as refused, sluice.merge_counts(array_agg(r.bins)) as bins,
      sluice.merge_counts(array_agg(r.kinds)) as kinds, sluice.merge_counts(array_agg(r.bases)) as bases,
      sluice.merge_counts(array_agg(r.strays)) as strays, sum(r.priced)::int as priced,
      sum(r.cost_nano)::float8 as cost_nano, sum(r.cost_nano_squared)::float8 as cost_nano_squared,
      sum(r.generated)::int as generated, sum(r.vouchers)::int as vouchers
    from (
      select b.at, b.provider, b.requests, b.failures, b.refused, b.bins, b.kinds, b.bases, b.strays, b.priced,
        b.cost_nano, b.cost_nano_squared, b.generated, b.vouchers
      from ${tableOf[width]} b where b.split = $1
      union all
      select sluice.span_end(d.at, $2::text::interval), d.provider, d.requests, d.failures, d.refused, ${coarsen}(d.bins),
        d.kinds, d.bases, d.strays, d.priced, d.cost_nano, d.cost_nano_squared, d.generated, d.vouchers
      from sluice.bucket_deltas d where d.split = $1
    ) r
    group by r.at, r.provider order by r.at, r.provider`,
    [split, width],
  );
}

export const countIn = (bag: object): number => Object.values(bag).reduce((sum, n) => sum + Number(n), 0);

/** How many requests the buckets count. */
export async function countedRequests(sql: Sql | Tx): Promise<number> {
  return (await bucketRows(sql)).reduce((sum, { requests }) => sum + requests, 0);
}
