import { StoreAway } from '@/lib/kernel/store-away';
import { storeFault } from '@/lib/kernel/store-fault';
import type { Sql } from '../sql';

type Call = (...args: never[]) => unknown;

/**
 * Lets every query and transaction of a pool fail with StoreAway when the database is away. The driver rejects with
 * whatever the socket or Postgres said, and has no place where a pool could be told to name it.
 */
export function nameAway(sql: Sql): Sql {
  const unsafe: Call = (...args) => named(Reflect.apply(sql.unsafe, sql, args));
  const begin: Call = (...args) =>
    (Reflect.apply(sql.begin, sql, args) as Promise<unknown>).catch((error: unknown) => {
      throw storeAway(error);
    });
  return new Proxy(sql, {
    apply: (target, self, args) => named(Reflect.apply(target, self, args)),
    get(target, member) {
      if (member === 'unsafe') return unsafe;
      return member === 'begin' ? begin : Reflect.get(target, member);
    },
  });
}

/** The private member of the driver's queries that is used here. */
interface Rejectable {
  reject(error: unknown): void;
}

/** What the driver made: a query, or a fragment, which cannot fail by itself. */
function named(made: unknown): unknown {
  if (!(made instanceof Promise)) return made;
  const query = made as unknown as Rejectable;
  let reject = query.reject;
  Object.defineProperty(query, 'reject', {
    get: () => (error: unknown) => reject(storeAway(error)),
    // A cursor sets another one for each batch of rows.
    set: (next: Rejectable['reject']) => {
      reject = next;
    },
  });
  return made;
}

/** Only what the error itself says: what a transaction's own work failed with may have a cause on another network. */
function storeAway(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreAway) return error;
  const { message, code } = error as Error & { code?: string };
  const fault = storeFault(Object.assign(new Error(message), { code }));
  return fault?.kind === 'away' ? new StoreAway(message, { code, cause: error }) : error;
}
