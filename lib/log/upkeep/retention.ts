import type { Sql } from '@/lib/postgres/sql';

interface Retained {
  readonly droppedPartitions: number;
  readonly deletedRows: number;
  readonly pruned: number;
}

interface RetentionOptions {
  /** Raw events are kept this long, at least a day. */
  readonly keepDays: number;
  /** Ten-second buckets; never shorter than the raw rows. Minutes and quarters of an hour stay 400 days. */
  readonly keepBucketsDays?: number;
  /** Rows deleted in one transaction where no whole day can be dropped. */
  readonly batchRows?: number;
}

/** Drops days, deletes in small transactions what lies outside of them, prunes what is ours. Buckets do not change. */
export async function applyRetention(sql: Sql, options: RetentionOptions): Promise<Retained> {
  const { keepDays, batchRows = 5000 } = options;
  if (!(keepDays >= 1)) throw new RangeError(`keep is ${keepDays} days; at least one day of events is kept`);
  const keepBucketsDays = Math.max(keepDays, options.keepBucketsDays ?? 60);
  const [dropped] = await sql<{ n: number }[]>`
    select sluice.drop_partitions(${keepDays}::float8 * interval '1 day') as n`;
  let deletedRows = 0;
  for (;;) {
    const [row] = await sql<{ n: number }[]>`
      select sluice.delete_old_events(${keepDays}::float8 * interval '1 day', ${batchRows}) as n`;
    deletedRows += row?.n ?? 0;
    if ((row?.n ?? 0) < batchRows) break;
  }
  const [pruned] = await sql<{ n: number }[]>`
    select sluice.prune(${keepBucketsDays}::float8 * interval '1 day',
      greatest(${keepBucketsDays}, 400)::float8 * interval '1 day') as n`;
  const [compared] = await sql<{ n: number }[]>`
    select sluice.prune_comparisons(${keepDays}::float8 * interval '1 day') as n`;
  return { droppedPartitions: dropped?.n ?? 0, deletedRows, pruned: (pruned?.n ?? 0) + (compared?.n ?? 0) };
}
