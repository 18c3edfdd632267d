/**
 * The database is away: it cannot be reached, ended the connection, takes no writes, or did not answer in time. Made
 * where a call to it fails, with the words and the code of that failure; what the driver threw is the cause.
 */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';
  readonly code?: string;
  /** No answer in time: whether the work was done is unknown, and the connection may never answer again. */
  readonly isLate: boolean;

  constructor(message: string, { code, isLate = false, ...options }: ErrorOptions & Partial<Told> = {}) {
    super(message, options);
    if (code !== undefined) this.code = code;
    this.isLate = isLate;
  }

  static late(what: string, ms: number): StoreAway {
    return new StoreAway(`the database did not answer within ${ms} ms (${what})`, { isLate: true });
  }
}

type Told = Pick<StoreAway, 'code' | 'isLate'>;

/** Itself or the cause of what is told; by name, because the front and Next hold separate copies of each module. */
export function isStoreAway(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'StoreAway' || isStoreAway(error.cause));
}

export function isLate(error: unknown): boolean {
  return error instanceof StoreAway && error.isLate;
}

/** Whether it, or what caused it, carries one of these codes of the database or the system. */
export function hasCode(error: unknown, codes: RegExp): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && codes.test(String(error.code))) || hasCode(error.cause, codes);
}

/** Refused for what is in it. Classes: data, constraint, check option, program limit, raised by a trigger. */
export const isContentFault = (error: unknown): boolean => hasCode(error, /^(?:22|23|44|54|P0)/);

/** The database gave up waiting for a lock that another session holds: nothing is written. */
export const isLockWait = (error: unknown): boolean => hasCode(error, /^55P03$/);
