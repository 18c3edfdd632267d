import type { Sql, Tx } from '@/lib/postgres/sql';
import type { Bucket, PricesOfKey } from '@/lib/rule/buckets/bucket';
import { type Bins, type Quartiles, quartilesOf } from '@/lib/rule/buckets/quantile';
import type { FirstOfUsers, RepeatedSpan, Repeats } from '@/lib/rule/facts';
import { answerOrNull } from './answer-or-null';
import { BucketReader, usualPrices } from './bucket-reader';
import { bucketsOfUsers, type FirstRows } from './first-of-users';

/** Latencies on either side of a line inside a window: what decides when the counts alone cannot. */
export interface Neighbours {
  readonly below: number | null;
  readonly atOrAbove: number | null;
}

interface FrequentError {
  readonly kind: string;
  readonly count: number;
  readonly example: string | null;
}

export interface PinnedRequests {
  readonly arm: string;
  readonly field: string;
  readonly requests: number;
}

/** A tick has eight seconds, and rolls back within them whatever the log says of users. */
const repeatsWithinMs = 1000;
const usersWithinMs = 2000;

export type MetricsStore = ReturnType<typeof metricsStore>;

/** The rule's figures of one split, from buckets; `neighbours`, `repeats` and `firstOfUsers` read the log. Give `shared` that lives on to read only what changed. */
export function metricsStore(sql: Sql | Tx, split: string, shared = new SharedReads()) {
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  return {
    /** What was asked before. */
    answers: shared.answersOf(split),

    /** Buckets with sinceMs < atMs ≤ untilMs, one per provider and instant, in order of time. */
    buckets: (sinceMs: number, untilMs: number): Promise<readonly Bucket[]> =>
      shared.reader.read(sql, split, sinceMs, untilMs),

    async neighbours(provider: string, fromMs: number, toMs: number, limitMs: number): Promise<Neighbours> {
      const [row] = await sql<Neighbours[]>`
        select n.below, n.at_or_above as "atOrAbove"
        from sluice.neighbours_of(${split}, ${provider}, ${at(fromMs)}, ${at(toMs)}, ${limitMs}::float8) n`;
      return row ?? { below: null, atOrAbove: null };
    },

    /** Global voucher rate over a span, for vouchers that name neither request nor provider. */
    async voucherRate(
      fromMs: number,
      toMs: number,
    ): Promise<{ readonly vouchers: number; readonly generated: number }> {
      const [row] = await sql<{ vouchers: number; generated: number }[]>`
        select s.vouchers::float8, s.generated::float8 from sluice.sums_of(${split}, null, ${at(fromMs)}, ${at(toMs)}) s`;
      return row ?? { vouchers: 0, generated: 0 };
    },

    /** First attempts assigned to a provider over a span, counted in SQL: a stage may last for weeks. */
    async requests(provider: string, fromMs: number, toMs: number): Promise<number> {
      const [row] = await sql<{ requests: number }[]>`
        select s.requests::float8 from sluice.sums_of(${split}, ${provider}, ${at(fromMs)}, ${at(toMs)}) s`;
      return row?.requests ?? 0;
    },

    /** What no draw decided since then, by arm and by the field that pinned it, the most frequent first. */
    pinned: (fromMs: number): Promise<readonly PinnedRequests[]> => sql<PinnedRequests[]>`
      select p.arm, p.field, sum(p.requests)::float8 as requests from sluice.pinned_minutes p
      where p.split = ${split} and p.at > ${at(fromMs)} group by 1, 2 order by 3 desc, 1, 2 limit 50`,

    /** Failures of a provider over a span, the most frequent kind first, each with a recent error in words. */
    topErrors: (provider: string, fromMs: number, toMs: number): Promise<readonly FrequentError[]> => sql<
      FrequentError[]
    >`
      select e.kind, e.failures::float8 as count, e.example
      from sluice.top_errors_of(${split}, ${provider}, ${at(fromMs)}, ${at(toMs)}) e`,

    ...beside(sql, split),
  };
}

/** What the rule reads seldom, over buckets that lie whole in (fromMs, toMs]. */
function beside(sql: Sql | Tx, split: string) {
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  return {
    /** How long a provider's vouchers took: [seconds, vouchers]. */
    async voucherDelays(provider: string, fromMs: number, toMs: number): Promise<Bins> {
      const rows = await sql<{ seconds: number; vouchers: number }[]>`
        select d.seconds, d.vouchers::float8 from sluice.voucher_delays_of(${split}, ${provider}, ${at(fromMs)}, ${at(toMs)}) d`;
      return rows.map(({ seconds, vouchers }) => [seconds, vouchers]);
    },

    /** A provider's priced rows by `price_key`; those without one under ''. */
    async pricesOf(provider: string, fromMs: number, toMs: number): Promise<readonly PricesOfKey[]> {
      const prices = await sql<PricesOfKey[]>`
      select p.key, p.priced::float8, p.cost_nano::float8 as "costNano", p.cost_nano_squared::float8 as "costNanoSquared"
      from sluice.prices_by_key_of(${split}, ${provider}, ${at(fromMs)}, ${at(toMs)}) p`;
      return usualPrices([...prices]);
    },

    async latencyQuartiles(provider: string, fromMs: number, toMs: number): Promise<Quartiles | null> {
      const rows = await sql<{ edge: number; rows: number }[]>`
        select b.edge, b.rows::float8 from sluice.latency_bins_of(${split}, ${provider}, ${at(fromMs)}, ${at(toMs)}) b`;
      return quartilesOf(rows.map(({ edge, rows }) => [edge, rows]));
    },

    /** How failures, or latencies at or over a limit, cluster by user; null when the log does not say so in time. */
    async repeats(
      provider: string,
      { fromMs, toMs, limitMs, partSinceMs }: Omit<RepeatedSpan, 'role'>,
    ): Promise<Repeats | null> {
      const rows = await answerOrNull(
        sql,
        repeatsWithinMs,
        (tx) => tx<Repeats[]>`
          select r.rows::float8, r.rows_squared::float8 as "rowsSquared", r.hits_squared::float8 as "hitsSquared",
            r.hits_times_rows::float8 as "hitsTimesRows"
          from sluice.repeats_of(${split}, ${provider}, ${at(fromMs)}, ${at(toMs)}, ${limitMs}::float8, ${at(partSinceMs)}) r`,
      );
      return rows?.[0] ?? null;
    },

    /** Each user's first row of (fromMs, toMs] and every row without a user, of a long span its newest part; or null. */
    async firstOfUsers(
      candidate: string,
      baseline: string,
      fromMs: number,
      toMs: number,
      quartilesMs: Quartiles | null,
    ): Promise<FirstOfUsers | null> {
      const edges = JSON.stringify(quartilesMs ?? []);
      const rows = await answerOrNull(
        sql,
        usersWithinMs,
        (tx) => tx<FirstRows[]>`
          select extract(epoch from f.at)::float8 * 1000 as "atMs", f.provider = ${candidate} as "isCandidate",
            f.rows::float8, f.failed::float8, f.slow::float8[]
          from sluice.first_of_users_of(${split}, ${candidate}, ${baseline}, ${at(fromMs)}, ${at(toMs)},
            array(select e::float8 from jsonb_array_elements_text(${edges}::text::jsonb) e)) f`,
      );
      return rows === null ? null : bucketsOfUsers(rows);
    },

    /** When the weights became others, in ms and in order; a write of equal ones is no change. */
    async weightsChanged(flagKey: string, fromMs: number, toMs: number): Promise<number[]> {
      const rows = await sql<{ ms: number }[]>`
        select extract(epoch from c)::float8 * 1000 as ms
        from sluice.weights_changed(${flagKey}, ${at(fromMs)}, ${at(toMs)}) c`;
      return rows.map(({ ms }) => ms);
    },
  };
}

/** Rows may come so long after they happened; until then an answer about a span is asked again. */
export const settledAfterMs = 60_000;
const mostAnswers = 16;

/**
 * Answers that their question determines: what a span of the past holds does not change once its last rows have come.
 * A tick that asks the same as the one before is answered from here.
 */
export class LastAnswers {
  private readonly answers = new Map<string, unknown>();

  /** `toMs` is the end of the span that is asked about. */
  async to<T>(question: readonly unknown[], toMs: number, nowMs: number, ask: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(question);
    if (this.answers.has(key)) return this.answers.get(key) as T;
    const answer = await ask();
    if (nowMs < toMs + settledAfterMs) return answer;
    if (this.answers.size >= mostAnswers) this.answers.delete(this.answers.keys().next().value ?? '');
    this.answers.set(key, answer);
    return answer;
  }
}

/** So many splits that the reader does not know may still have answers. */
const mostUnread = 64;

/** What a process has read of all its splits, so that the next look reads only what changed. */
export class SharedReads {
  readonly reader = new BucketReader();
  private readonly answers = new Map<string, LastAnswers>();

  /** What was asked before about a split. */
  answersOf(split: string): LastAnswers {
    const known = this.answers.get(split) ?? new LastAnswers();
    this.answers.set(split, known);
    if (this.answers.size > mostUnread) this.forgetOthers(split);
    return known;
  }

  private forgetOthers(split: string): void {
    for (const each of this.answers.keys()) if (each !== split && !this.reader.knows(each)) this.answers.delete(each);
  }
}
