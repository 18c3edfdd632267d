import type { Sql } from '@/lib/postgres/sql';
import { buildMissingIndexes, makePartitions } from './partitions';
import { tidyHourly } from './tidy';

interface Maintained {
  readonly compacted: number;
  readonly partitionsMade: number;
  readonly indexesBuilt: readonly string[];
  /** false while rows from before the adoption are still to be counted. */
  readonly isBackfilled: boolean;
  /** Rows that are not read any more; null when it was not yet time. */
  readonly tidied: number | null;
}

/**
 * What the watchdog does for the log beside its ticks. Any number of processes may. Building an index takes as long as
 * the table is large: give it a connection that may be silent.
 */
export async function maintainEvents(sql: Sql, options: { backfillSteps?: number } = {}): Promise<Maintained> {
  const compacted = await compact(sql);
  const partitionsMade = await makePartitions(sql, { tries: 1 });
  await sql`select sluice.tell_doubted_events()`;
  const tidied = await tidyHourly(sql);
  // Last: it may take an hour, or be another role's to do.
  const indexesBuilt = await buildMissingIndexes(sql);
  let isBackfilled = false;
  for (let step = 0; step < (options.backfillSteps ?? 24) && !isBackfilled; step += 1) {
    const [row] = await sql<{ has_more: boolean }[]>`select sluice.backfill_step() as has_more`;
    isBackfilled = row?.has_more !== true;
  }
  return { compacted, partitionsMade, indexesBuilt, isBackfilled, tidied };
}

/** Folds all settled deltas, in short transactions. */
export async function compact(sql: Sql, most = 20_000): Promise<number> {
  let total = 0;
  for (;;) {
    const [row] = await sql<{ n: number }[]>`select sluice.compact(${most}) as n`;
    total += row?.n ?? 0;
    if ((row?.n ?? 0) < most) return total;
  }
}
