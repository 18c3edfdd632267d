import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { BucketReader } from './bucket-reader';

/** Latencies on either side of a line inside a window: what decides when the counts alone cannot. */
export interface Neighbours {
  readonly below: number | null;
  readonly atOrAbove: number | null;
}

export interface MetricsStore {
  /** Buckets with sinceMs < atMs ≤ untilMs, one per provider and instant, in order of time. */
  buckets(sinceMs: number, untilMs: number): Promise<readonly Bucket[]>;
  neighbours(provider: string, fromMs: number, toMs: number, limitMs: number): Promise<Neighbours>;
  /** Mean `cost_per_image` (USD) of a provider over a span; null without priced rows. */
  meanCost(provider: string, fromMs: number, toMs: number): Promise<number | null>;
  /** Global voucher rate over a span, for vouchers that name neither request nor provider. */
  voucherRate(fromMs: number, toMs: number): Promise<{ readonly vouchers: number; readonly generated: number }>;
  /** First attempts assigned to a provider over a span, counted in SQL: a stage may last for weeks. */
  requests(provider: string, fromMs: number, toMs: number): Promise<number>;
  /** Failures of a provider over a span, the most frequent kind first, each with a recent error in words. */
  topErrors(
    provider: string,
    fromMs: number,
    toMs: number,
  ): Promise<readonly { readonly kind: string; readonly count: number; readonly example: string | null }[]>;
}

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
