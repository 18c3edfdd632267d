import { shownText } from '@/lib/kernel/plain-text';
import type { Tx } from '@/lib/postgres/sql';

/** Says in this transaction whom the journal shall name, and why. */
export async function actingAs(tx: Tx, actor: string, reason: string | null = null): Promise<void> {
  await tx`select set_config('sluice.actor', ${shownText(actor)}, true),
    set_config('sluice.reason', ${shownText(reason ?? '')}, true)`;
}
