import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

/** Of one flag's row, what routing needs. */
export interface WeightsRow {
  readonly version: number;
  readonly text: string | null;
  readonly stage: string | null;
}

/** Of a look at the weights and policies of all splits. */
interface FlagsLook {
  readonly registry: number;
  /** Sums over all rows: equal sums, equal rows. null: only what is new was looked at. */
  readonly sums: FlagSums | null;
  /** The rows that are newer than asked for. */
  readonly rows: readonly FlagRow[];
}

export interface FlagSums {
  readonly count: number;
  readonly versions: bigint;
  readonly hashes: bigint;
}

export interface FlagRow extends WeightsRow {
  readonly key: string;
  /** Of the row's text and stage, as a whole number in decimals. */
  readonly hash: string;
}

/** For an answer over a connection that has answered before. */
export const lookWithinMs = 700;

interface Row {
  readonly registry: string;
  readonly count: number;
  readonly versions: string;
  readonly hashes: string;
  readonly rows: FlagRow[] | null;
}

/**
 * One statement, cheap enough to ask every second for ever: at rest it brings back four numbers, whatever the number of
 * splits, and in the same round trip whatever is newer than `since`. A hash of each text tells what was written past the
 * triggers, which leaves the version as it was.
 */
export async function lookAtFlags(sql: Sql, since: number, withinMs = lookWithinMs): Promise<FlagsLook> {
  const query = sql<Row[]>`
    with flags as materialized (
      select f.flag_key as key, coalesce(f.version, 0) as version, f.flag_value_text as text, f.stage,
        hashtextextended(coalesce(f.flag_value_text, '') || coalesce(f.stage, ''), 0) as hash
      from public.feature_flags f
      where f.flag_key in (select s.key from sluice.splits s union all select sluice.policy_key(s.key) from sluice.splits s)
    )
    select sluice.registry_version()::text as registry, count(*)::int as count,
      coalesce(sum(f.version), 0)::text as versions, coalesce(sum(f.hash::numeric), 0)::text as hashes,
      json_agg(json_build_object('key', f.key, 'version', f.version, 'text', f.text, 'stage', f.stage,
        'hash', f.hash::text)) filter (where f.version > ${since}) as rows
    from flags f`;
  const [row] = await queryWithin(withinMs, query, 'reading the weights');
  if (row === undefined) throw new Error('the database gave no sums of its flags');
  const { registry, count, versions, hashes, rows } = row;
  const sums = { count, versions: BigInt(versions), hashes: BigInt(hashes) };
  return { registry: Number(registry), sums, rows: rows ?? [] };
}

/** What a notification speaks of: a thousand rows are not read for one that changed. */
export async function lookAtNews(sql: Sql, since: number, withinMs = lookWithinMs): Promise<FlagsLook> {
  const query = sql<Pick<Row, 'registry' | 'rows'>[]>`
    select sluice.registry_version()::text as registry,
      json_agg(json_build_object('key', f.flag_key, 'version', f.version, 'text', f.flag_value_text, 'stage', f.stage,
        'hash', hashtextextended(coalesce(f.flag_value_text, '') || coalesce(f.stage, ''), 0)::text)) as rows
    from public.feature_flags f
    where f.version > ${since} and (
      exists (select from sluice.splits s where s.key = f.flag_key)
      or exists (select from sluice.splits s where sluice.policy_key(s.key) = f.flag_key))`;
  const [row] = await queryWithin(withinMs, query, 'reading what is new of the weights');
  if (row === undefined) throw new Error('the database gave no version of its registry');
  return { registry: Number(row.registry), sums: null, rows: row.rows ?? [] };
}
