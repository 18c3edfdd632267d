import type { Tx } from '@/lib/postgres/sql';

/** Says in this transaction whom the journal shall name. */
export async function actingAs(tx: Tx, actor: string): Promise<void> {
  await tx`select set_config('sluice.actor', ${actor}, true)`;
}
