import type { MetricsStore, Neighbours } from '@/lib/operations/ports';
import { BucketReader } from './bucket-reader';
import type { Sql, Tx } from './connection';

/** The rule's figures, all from buckets but `neighbours`. Give a `reader` that lives on to read only what changed. */
export function metricsStore(sql: Sql | Tx, reader = new BucketReader()): MetricsStore {
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  return {
    buckets: (sinceMs, untilMs) => reader.read(sql, sinceMs, untilMs),

    async neighbours(provider, fromMs, toMs, limitMs) {
      const [row] = await sql<Neighbours[]>`
        select n.below, n.at_or_above as "atOrAbove"
        from sluice.neighbours(${provider}, ${at(fromMs)}, ${at(toMs)}, ${limitMs}::float8) n`;
      return row ?? { below: null, atOrAbove: null };
    },

    async meanCost(provider, fromMs, toMs) {
      const [row] = await sql<{ mean: number | null }[]>`
        select sluice.mean_cost(${provider}, ${at(fromMs)}, ${at(toMs)})::float8 as mean`;
      return row?.mean ?? null;
    },

    async voucherRate(fromMs, toMs) {
      const [row] = await sql<{ vouchers: number; generated: number }[]>`
        select s.vouchers::float8, s.generated::float8 from sluice.sums(null, ${at(fromMs)}, ${at(toMs)}) s`;
      return row ?? { vouchers: 0, generated: 0 };
    },

    async requests(provider, fromMs, toMs) {
      const [row] = await sql<{ requests: number }[]>`
        select s.requests::float8 from sluice.sums(${provider}, ${at(fromMs)}, ${at(toMs)}) s`;
      return row?.requests ?? 0;
    },

    topErrors: (provider, fromMs, toMs) => sql<{ kind: string; count: number; example: string | null }[]>`
      select e.kind, e.failures::float8 as count, e.example
      from sluice.top_errors(${provider}, ${at(fromMs)}, ${at(toMs)}) e`,
  };
}
