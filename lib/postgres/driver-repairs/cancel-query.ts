/** The private member of the driver's queries that is used here. */
interface Cancellable {
  canceller?: ((query: unknown) => unknown) | null;
}

/**
 * Cancels a query, and does nothing to other promises. The driver's own `query.cancel()` opens a connection and forgets
 * its promise: a reset of that connection would be an unhandled rejection, which ends the process.
 */
export function cancelQuery(work: PromiseLike<unknown>): void {
  const query = work as Cancellable;
  const { canceller } = query;
  if (typeof canceller !== 'function') return;
  query.canceller = null;
  Promise.resolve(canceller(query)).catch(() => {});
}
