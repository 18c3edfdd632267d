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
