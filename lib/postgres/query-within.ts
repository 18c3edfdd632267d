import { StoreTimeout, within } from '@/lib/kernel/within';
import { cancelQuery } from './driver-repairs/cancel-query';

/**
 * Bounds a query or a transaction on the client's side: `statement_timeout` is the server's promise, and a frozen
 * server keeps none. A single query is cancelled as well; `silent-socket` drops its connection when nothing comes back.
 */
export function queryWithin<T>(ms: number, query: PromiseLike<T>, what: string): Promise<T> {
  return within(ms, query, () => {
    cancelQuery(query);
    return new StoreTimeout(what, ms);
  });
}
