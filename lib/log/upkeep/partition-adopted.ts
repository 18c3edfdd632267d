import { setTimeout as wait } from 'node:timers/promises';
import type { Sql } from '@/lib/postgres/sql';
import { buildMissingIndexes, makePartitions } from './partitions';

interface PartitionOptions {
  /** How often a lock that does not come within half a second is asked for again. */
  readonly tries?: number;
  readonly pauseMs?: number;
  readonly log?: (line: string) => void;
}

/**
 * Turns an adopted `analytics_logs` into the first partition of a new one, without downtime: the two steps that lock
 * take milliseconds and give up rather than queue, the long one (a scan that proves no row lies past the bound) blocks
 * no writer. Unique constraints stay on the old rows only: a partitioned table could not keep them without created_at.
 */
export async function partitionAdopted(
  sql: Sql,
  options: PartitionOptions = {},
): Promise<{ readonly boundMs: number }> {
  const log = options.log ?? (() => {});
  log('building missing indexes');
  await buildMissingIndexes(sql);
  const obstacles = await sql<{ obstacle: string }[]>`select o as obstacle from sluice.partition_obstacles() o`;
  if (obstacles.length > 0) {
    throw new Error(`analytics_logs cannot be partitioned: ${obstacles.map((each) => each.obstacle).join('; ')}`);
  }
  const bound = await patiently(options, async () => {
    const [row] = await sql<{ at: Date }[]>`select sluice.bound_adopted() as at`;
    if (!row) throw new Error('sluice.bound_adopted returned no row');
    return row.at;
  });
  log('reading the table through once, blocking nobody');
  await sql`select sluice.validate_adopted()`;
  log('changing places');
  await patiently(options, () => sql`select sluice.swap_adopted(${bound})`);
  await makePartitions(sql);
  return { boundMs: bound.getTime() };
}

async function patiently<T>(options: PartitionOptions, step: () => PromiseLike<T>): Promise<T> {
  const { tries = 60, pauseMs = 500 } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      const isLocked = (error as { code?: string }).code === '55P03';
      if (!isLocked || attempt >= tries) throw error;
      await wait(pauseMs);
    }
  }
}
