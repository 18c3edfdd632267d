/** The store did not answer in time; whether it did the work is unknown. */
export class StoreTimeout extends Error {
  constructor(what: string, ms: number) {
    super(`the database did not answer within ${ms} ms (${what})`);
    this.name = 'StoreTimeout';
  }
}

/**
 * Races work with a client-side deadline: `statement_timeout` is the server's promise, and a frozen server keeps none.
 * A single query is cancelled as well; its connection is dropped by `silent-socket` when nothing comes back.
 */
export async function withDeadline<T>(work: PromiseLike<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let last: NodeJS.Immediate | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = () => {
      reject(new StoreTimeout(what, ms));
      cancel(work);
    };
    // Timers come before what was received: after a standstill of this process the answer may be there and not be read.
    timer = setTimeout(() => {
      last = setImmediate(giveUp);
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    clearImmediate(last);
  }
}

/** What of the driver's queries is touched here; version 3.4 of it. */
interface Cancellable {
  canceller?: ((query: unknown) => unknown) | null;
}

function cancel(work: PromiseLike<unknown>): void {
  // What the abandoned query says later concerns nobody.
  work.then(undefined, () => {});
  const query = work as Cancellable;
  const { canceller } = query;
  if (typeof canceller !== 'function') return;
  // `query.cancel()` drops the promise of its own connection: were that reset, nobody would hear, and the process end.
  query.canceller = null;
  Promise.resolve(canceller(query)).catch(() => {});
}
