import { StoreAway } from '@/lib/kernel/store-away';
import { storeFault } from '@/lib/kernel/store-fault';
import type { Sql, Tx } from '@/lib/postgres/sql';

/** What of the driver's inner objects is touched here; version 3.4 of it. */
interface Connection {
  /** Set for as long as a transaction has the connection to itself, to a function of its own. */
  reserved: unknown;
  execute(query: Query): unknown;
}
interface Query {
  readonly handler: unknown;
  reject(error: Error): void;
}
type Unsafe = (text: string, args?: unknown[], options?: { onexecute?: (connection: Connection) => void }) => Query;
type Begin = (...args: [string, Work] | [Work]) => Promise<unknown>;
type Work = (tx: Tx) => unknown;

/**
 * A transaction whose connection is lost ends with CONNECTION_CLOSED. The driver lets it go on: its next statement,
 * and be it the rollback, is written to a socket that is gone, which ends the process, or, after a reconnect, is
 * executed outside of any transaction.
 */
export function endLostTransactions(sql: Sql): Sql {
  const inner = sql as unknown as { unsafe: Unsafe; begin: Begin };
  const { unsafe, begin } = inner;
  const owners = new WeakMap<object, unknown>();
  const guarded = new WeakSet<Connection>();
  let onBegun: ((connection: Connection, begun: Query) => void) | null = null;

  const guard = (connection: Connection, poolHandler: unknown) => {
    if (guarded.has(connection)) return;
    guarded.add(connection);
    const execute = connection.execute;
    connection.execute = (query) => {
      if (query.handler === poolHandler) return execute(query);
      // A savepoint's first statement comes before its owner is known.
      const owner = owners.get(query.handler as object) ?? connection.reserved;
      if (owner !== null && owner === connection.reserved) return execute(query);
      query.reject(
        Object.assign(new Error('the connection of this transaction was lost'), { code: 'CONNECTION_CLOSED' }),
      );
      return true;
    };
  };
  const own = (tx: Tx, owner: unknown) => {
    // The driver sends a statement only when it is awaited.
    owners.set((tx`` as unknown as { handler: object }).handler, owner);
    const savepoint = tx.savepoint as unknown as (...args: unknown[]) => Promise<unknown>;
    const owned = (...args: unknown[]) => {
      const work = args.pop() as Work;
      return savepoint(...args, (inside: Tx) => {
        own(inside, owner);
        return work(inside);
      });
    };
    Object.assign(tx, { savepoint: owned });
  };
  inner.unsafe = (text, args, options) => {
    const tell = onBegun;
    onBegun = null;
    const onexecute = options?.onexecute;
    if (tell === null || onexecute === undefined) return unsafe(text, args, options);
    const query: Query = unsafe(text, args, {
      ...options,
      onexecute: (connection) => {
        onexecute(connection);
        tell(connection, query);
      },
    });
    return query;
  };
  inner.begin = (...args) => {
    const work = args.pop() as Work;
    let owner: unknown = null;
    // The driver asks `unsafe` for its begin before it first waits.
    onBegun = (connection, begun) => {
      guard(connection, begun.handler);
      owner = connection.reserved;
    };
    const owned = (tx: Tx) => {
      own(tx, owner);
      return work(tx);
    };
    return begin(...([...args, owned] as unknown as [string, Work]));
  };
  return sql;
}

type Call = (...args: never[]) => unknown;

/**
 * Lets every query and transaction of a pool fail with StoreAway when the database is away, and end with rows of its own.
 * The driver rejects with whatever the socket or Postgres said, and has no place where a pool could be told to name it.
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

/** The private members of the driver's queries that are used here. */
interface Ends {
  resolve(result: unknown): void;
  reject(error: unknown): void;
  /** Takes a cursor's rows, batch by batch; none where all come at once. */
  cursorFn?: ((rows: unknown) => unknown) | undefined;
}

/** What the driver made: a query, or a fragment, which cannot fail by itself. */
function named(made: unknown): unknown {
  if (!(made instanceof Promise)) return made;
  const query = made as unknown as Ends;
  let { resolve, reject, cursorFn } = query;
  Object.defineProperty(query, 'resolve', {
    get: () => (result: unknown) => resolve(ownRows(result)),
    set: (next: Ends['resolve']) => {
      resolve = next;
    },
  });
  Object.defineProperty(query, 'reject', {
    get: () => (error: unknown) => reject(storeAway(error)),
    // A cursor sets another one for each batch of rows.
    set: (next: Ends['reject']) => {
      reject = next;
    },
  });
  Object.defineProperty(query, 'cursorFn', {
    get: () => cursorFn && ((rows: unknown) => cursorFn?.(ownRows(rows))),
    set: (next: Ends['cursorFn']) => {
      cursorFn = next;
    },
  });
  return made;
}

/**
 * After a statement that failed behind its first rows the driver counts on from there: the next result of that connection,
 * or the first batch of a cursor's, begins with so many holes, and its first row is undefined.
 */
function ownRows(result: unknown): unknown {
  if (!Array.isArray(result) || result.length === 0 || 0 in result) return result;
  const [first] = Object.keys(result);
  result.splice(0, Number(first));
  return result;
}

/** Only what the error itself says: what a transaction's own work failed with may have a cause on another network. */
function storeAway(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreAway) return error;
  const { message, code } = error as Error & { code?: string };
  const fault = storeFault(Object.assign(new Error(message), { code }));
  return fault?.kind === 'away' ? new StoreAway(message, { code, cause: error }) : error;
}
