import type { Sql } from '@/lib/postgres/sql';

const everyMs = 3_600_000;
const batchRows = 20_000;
const tidiedAtMs = new WeakMap<Sql, number>();

/** Deletes what is not read any more, once an hour for each pool; null when it is not yet time. */
export async function tidyHourly(sql: Sql, nowMs = performance.now()): Promise<number | null> {
  const lastMs = tidiedAtMs.get(sql);
  if (lastMs !== undefined && nowMs - lastMs < everyMs) return null;
  tidiedAtMs.set(sql, nowMs);
  return tidy(sql);
}

/** Old ticks, instances, sessions, links, keys and delivered alerts, and the ids of batches that are not sent again. */
async function tidy(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select sluice.tidy() as n`;
  let total = row?.n ?? 0;
  for (;;) {
    const { count } = await sql`
      delete from sluice.batches where batch_id in (
        select b.batch_id from sluice.batches b where b.at < now() - interval '7 days' limit ${batchRows})`;
    total += count;
    if (count < batchRows) return total;
  }
}
