import type { MetricsView } from '@/lib/api/metrics-view';
import type { Sql } from '@/lib/postgres/sql';

type Counts = Record<string, Record<string, number>>;

/** Failures by provider and kind over (fromMs, toMs]. */
export async function failureKinds(sql: Sql, split: string, fromMs: number, toMs: number): Promise<Counts> {
  const rows = await sql<{ outer: string; inner: string; count: number }[]>`
    select k.provider as outer, k.kind as inner, k.failures::float8 as count
    from sluice.failure_kinds_of(${split}, to_timestamp(${fromMs}::float8 / 1000), to_timestamp(${toMs}::float8 / 1000)) k`;
  return nest(rows);
}

/** Priced rows by provider and cost basis. */
export async function costBases(sql: Sql, split: string, fromMs: number, toMs: number): Promise<Counts> {
  const rows = await sql<{ outer: string; inner: string; count: number }[]>`
    select b.provider as outer, b.basis as inner, b.priced::float8 as count
    from sluice.cost_bases_of(${split}, to_timestamp(${fromMs}::float8 / 1000), to_timestamp(${toMs}::float8 / 1000)) b`;
  return nest(rows);
}

/** The newest failures with their words, newest first. */
export async function failureExamples(
  sql: Sql,
  split: string,
  fromMs: number,
  toMs: number,
  most = 20,
): Promise<MetricsView['failure_examples']> {
  const rows = await sql<{ at: Date; provider: string; kind: string; error: string; request_id: string | null }[]>`
    select e.at, e.provider, e.kind, e.error, e.request_id
    from sluice.failure_examples_of(${split}, to_timestamp(${fromMs}::float8 / 1000), to_timestamp(${toMs}::float8 / 1000), ${most}) e`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

function nest(rows: readonly { outer: string; inner: string; count: number }[]): Counts {
  const nested: Counts = {};
  for (const { outer, inner, count } of rows) nested[outer] = { ...nested[outer], [inner]: count };
  return nested;
}
