import type { Sql } from './sql';

/** Asks the database what time it is. */
export function readClock(sql: Sql): () => Promise<number> {
  return async () => {
    const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
    if (row === undefined) throw new Error('clock_timestamp() returned no row');
    return row.now.getTime();
  };
}
