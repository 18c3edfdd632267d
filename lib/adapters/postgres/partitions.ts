import { setTimeout as wait } from 'node:timers/promises';
import type { Sql } from './connection';

/** Partitions for today and 14 days ahead; how many were made. A lock that does not come is asked for again. */
export async function makePartitions(sql: Sql, options: { daysAhead?: number; tries?: number } = {}): Promise<number> {
  const { daysAhead = 14, tries = 3 } = options;
  for (let attempt = 1; ; attempt += 1) {
    const [row] = await sql<{ made: number; is_done: boolean }[]>`
      select m.made, not sluice.owns_partitions() or (
        select max(p.high) from sluice.partitions() p) > now() + make_interval(days => ${daysAhead - 1}) as is_done
      from sluice.make_partitions(${daysAhead}) m (made)`;
    if (row?.is_done === true || attempt >= tries) return row?.made ?? 0;
    await wait(200);
  }
}

/**
 * Builds on an adopted table what its readers want, blocking nobody; the names of the indexes built. Takes as long as
 * the table is large: give it a connection that may be silent.
 */
export async function buildMissingIndexes(sql: Sql): Promise<string[]> {
  const missing = await sql<{ name: string; statement: string }[]>`
    select m.name, m.statement from sluice.missing_event_indexes() m
    where not exists (
      select from pg_stat_progress_create_index p where p.relid = to_regclass('public.analytics_logs'))`;
  const built: string[] = [];
  for (const { name, statement } of missing) {
    // An interrupted build leaves an invalid index of that name, which `if not exists` would take for good.
    await sql`drop index concurrently if exists ${sql(`public.${name}`)}`;
    await sql.unsafe(statement);
    built.push(name);
  }
  return built;
}
