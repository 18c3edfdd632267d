import { setTimeout as wait } from 'node:timers/promises';
import type { Sql } from '@/lib/postgres/sql';

/** Partitions for today and 14 days ahead; how many were made. A lock that does not come is asked for again. */
export async function makePartitions(sql: Sql, options: { daysAhead?: number; tries?: number } = {}): Promise<number> {
  const { daysAhead = 14, tries = 3 } = options;
  let made = 0;
  for (let attempt = 1; ; attempt += 1) {
    const [row] = await sql<{ n: number }[]>`select sluice.make_partitions(${daysAhead}) as n`;
    made += row?.n ?? 0;
    if (attempt >= tries || (await reach(sql, daysAhead))) return made;
    await wait(200);
  }
}

async function reach(sql: Sql, daysAhead: number): Promise<boolean> {
  const [row] = await sql<{ is_far: boolean }[]>`
    select not sluice.owns_partitions() or (
      select max(p.high) from sluice.partitions() p) > now() + make_interval(days => ${daysAhead}) as is_far`;
  return row?.is_far === true;
}

/**
 * Builds what readers want on a log that holds rows, and blocks no writer; the names of the indexes built. Takes as long as
 * the table is large: give it a connection that may be silent.
 */
export async function buildMissingIndexes(sql: Sql): Promise<string[]> {
  const missing = await sql<{ name: string; statement: string }[]>`
    select m.name, m.statement from sluice.missing_event_indexes() m
    where not exists (
      select from pg_stat_progress_create_index p
      where p.relid = to_regclass('public.analytics_logs')
        or p.relid in (select t.relid from pg_partition_tree(to_regclass('public.analytics_logs')) t))`;
  if (missing.length > 0) await assertOwner(sql, missing);
  const built = new Set<string>();
  for (const { name, statement } of missing) {
    // An interrupted build leaves an invalid index of that name, which `if not exists` would take for good.
    const [index] = await sql<{ is_broken: boolean }[]>`select sluice.is_broken_index(${name}) as is_broken`;
    if (index?.is_broken) await sql`drop index concurrently if exists ${sql(`public.${name}`)}`;
    await sql.unsafe(statement);
    built.add(name);
  }
  return [...built];
}

async function assertOwner(sql: Sql, missing: readonly { name: string; statement: string }[]): Promise<void> {
  const [log] = await sql<{ owner: string; is_mine: boolean; me: string }[]>`
    select pg_get_userbyid(c.relowner) as owner, pg_has_role(c.relowner, 'usage') as is_mine, current_user as me
    from pg_class c where c.oid = to_regclass('public.analytics_logs')`;
  if (log === undefined || log.is_mine) return;
  const statements = missing.map(({ statement }) => `${statement};`).join(' ');
  throw new Error(
    `public.analytics_logs lacks ${missing.map(({ name }) => name).join(', ')}, which only its owner ${log.owner} can build, ` +
      `not ${log.me}; until then what it held before is not counted. As ${log.owner}: ${statements}`,
  );
}
