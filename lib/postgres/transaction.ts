import { StoreAway } from '@/lib/kernel/store-away';
import { within } from '@/lib/kernel/within';
import { cancelQuery } from './driver-repairs/cancel-query';
import type { Sql, Tx } from './sql';

/** Whatever a role, a database or a pooler's session has as its default: what must be written tonight is written. */
export const writing = 'isolation level read committed read write';

/** A transaction of its own, or a savepoint inside the one that is under way: a refusal then undoes only itself. */
export function atomically<T>(db: Sql | Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return (isOpen(db) ? db.savepoint(work) : db.begin(writing, work)) as Promise<T>;
}

/** In a pooler's transaction mode nothing may outlive the transaction, so limits are set inside each. */
export async function limitWaits(tx: Tx, lockMs: number, statementMs: number): Promise<void> {
  await tx`select set_config('lock_timeout', ${String(lockMs)}, true),
    set_config('statement_timeout', ${String(statementMs)}, true),
    set_config('idle_in_transaction_session_timeout', ${String(statementMs)}, true)`;
}

export function isOpen(db: Sql | Tx): db is Tx {
  return 'savepoint' in db;
}

/**
 * Bounds a query or a transaction on the client's side: `statement_timeout` is the server's promise, and a frozen
 * server keeps none. A single query is cancelled as well; `silent-socket` drops its connection when nothing comes back.
 */
export function queryWithin<T>(ms: number, query: PromiseLike<T>, what: string): Promise<T> {
  return within(ms, query, () => {
    cancelQuery(query);
    return StoreAway.late(what, ms);
  });
}
