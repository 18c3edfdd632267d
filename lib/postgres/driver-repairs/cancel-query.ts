/** The private members of the driver's queries that are used here. */
interface Cancellable {
  canceller?: ((query: unknown) => unknown) | null;
  /** Of the connection that it was written to; null: it was written to none. */
  readonly state?: unknown;
  /** The server is at it. */
  readonly active?: boolean;
  cancelled?: unknown;
  strings?: unknown;
  args?: unknown;
}

const nothing = Object.assign(['select 1'], { raw: ['select 1'] });

/**
 * Cancels a query, and does nothing to other promises. The driver's own `query.cancel()` opens a connection and forgets
 * its promise: a reset of that connection would be an unhandled rejection, which ends the process.
 */
export function cancelQuery(work: PromiseLike<unknown>): void {
  const query = work as Cancellable;
  const { canceller } = query;
  if (typeof canceller !== 'function') return;
  const isWritten = Boolean(query.state);
  // Behind another on its connection the driver would hand what comes for it to the one behind it: it runs in its turn.
  if (isWritten && query.active !== true) return;
  query.canceller = null;
  Promise.resolve(canceller(query)).catch(() => {});
  if (!isWritten) begins(query);
}

/**
 * The driver takes one that was not written out of its line; but the one for which it is opening a connection stands in
 * no line, and cancelled it would leave that connection open, unused for ever, and with time the whole pool so. It asks
 * for nothing instead.
 */
function begins(query: Cancellable): void {
  query.cancelled = null;
  query.strings = nothing;
  query.args = [];
}
