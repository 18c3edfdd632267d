import type { Sql } from '@/lib/postgres/sql';

/**
 * Lets `reserve` take a connection that is open already. One that the driver must open for it is never handed out when
 * `fetch_types` is off: only the answer to that question leads on to who reserved.
 */
export function openBeforeReserve(sql: Sql): Sql {
  const reserve = sql.reserve.bind(sql);
  const opened = async () => {
    await sql`select 1`;
    return reserve();
  };
  return Object.assign(sql, { reserve: opened });
}
