import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { BucketReader } from './bucket-reader';

/** Latencies on either side of a line inside a window: what decides when the counts alone cannot. */
export interface Neighbours {
  readonly below: number | null;
  readonly atOrAbove: number | null;
}

export interface FrequentError {
  readonly kind: string;
  readonly count: number;
  readonly example: string | null;
}

export type MetricsStore = ReturnType<typeof metricsStore>;

/** The rule's figures, all from buckets but `neighbours`. Give a `reader` that lives on to read only what changed. */
export function metricsStore(sql: Sql | Tx, reader = new BucketReader()) {
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  return {
    /** Buckets with sinceMs < atMs ≤ untilMs, one per provider and instant, in order of time. */
    buckets: (sinceMs: number, untilMs: number): Promise<readonly Bucket[]> => reader.read(sql, sinceMs, untilMs),

    async neighbours(provider: string, fromMs: number, toMs: number, limitMs: number): Promise<Neighbours> {
      const [row] = await sql<Neighbours[]>`
        select n.below, n.at_or_above as "atOrAbove"
        from sluice.neighbours(${provider}, ${at(fromMs)}, ${at(toMs)}, ${limitMs}::float8) n`;
      return row ?? { below: null, atOrAbove: null };
    },

    /** Global voucher rate over a span, for vouchers that name neither request nor provider. */
    async voucherRate(
      fromMs: number,
      toMs: number,
    ): Promise<{ readonly vouchers: number; readonly generated: number }> {
      const [row] = await sql<{ vouchers: number; generated: number }[]>`
        select s.vouchers::float8, s.generated::float8 from sluice.sums(null, ${at(fromMs)}, ${at(toMs)}) s`;
      return row ?? { vouchers: 0, generated: 0 };
    },

    /** First attempts assigned to a provider over a span, counted in SQL: a stage may last for weeks. */
    async requests(provider: string, fromMs: number, toMs: number): Promise<number> {
      const [row] = await sql<{ requests: number }[]>`
        select s.requests::float8 from sluice.sums(${provider}, ${at(fromMs)}, ${at(toMs)}) s`;
      return row?.requests ?? 0;
    },

    /** Failures of a provider over a span, the most frequent kind first, each with a recent error in words. */
    topErrors: (provider: string, fromMs: number, toMs: number): Promise<readonly FrequentError[]> => sql<
      FrequentError[]
    >`
      select e.kind, e.failures::float8 as count, e.example
      from sluice.top_errors(${provider}, ${at(fromMs)}, ${at(toMs)}) e`,
  };
}
