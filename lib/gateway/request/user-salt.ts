import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

const withinMs = 2000;

/** The salt that all processes share; null where its row was deleted. */
export async function readUserSalt(sql: Sql): Promise<Uint8Array | null> {
  const [row] = await queryWithin(
    withinMs,
    sql<{ salt: Uint8Array }[]>`select s.salt from sluice.user_salt s`,
    'reading the salt of user_hash',
  );
  return row?.salt ?? null;
}
