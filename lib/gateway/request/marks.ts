import { createHmac } from 'node:crypto';
import type { ImageRequest } from '../models/image-request';
import type { PriceMarks, Tellable } from '../models/models';
import type { Fit, Way } from '../models/way';

/** What is the same in all events of a request: whose it is, and what its price depends on. */
export interface Marks extends PriceMarks {
  readonly user_hash: string | undefined;
  /** No draw decided: it is outside every sample. */
  readonly pinned?: true | undefined;
  readonly pinned_by?: readonly string[] | undefined;
}

/** Fields that an arm was not told, and those that it was told in other words; undefined: none. */
export interface Told {
  readonly dropped: readonly string[] | undefined;
  readonly mapped: readonly string[] | undefined;
}

/** The price of an image is that of its model, of its size and of what else a price list asks for, at every provider. */
export function marksOf(
  users: UserHash,
  models: Tellable,
  request: ImageRequest,
  way: Way,
  user: string | null,
): Marks {
  const { size, price_key } = models.priceMarksOf(request);
  const marks = { user_hash: users.of(user), size, price_key };
  return way.kind === 'pinned' ? { ...marks, pinned: true, pinned_by: way.fields } : marks;
}

const asItIs: Told = { dropped: undefined, mapped: undefined };

/** What became of a request on its way to an arm. */
export function toldOf({ request, lost }: Fit, mapped: readonly string[]): Told {
  const { leftOut = [] } = request;
  if (mapped.length === 0 && lost.length === 0 && leftOut.length === 0) return asItIs;
  const dropped = [...leftOut, ...lost.map(({ field }) => field)];
  return {
    dropped: dropped.length > 0 ? dropped : undefined,
    mapped: mapped.length > 0 ? mapped : undefined,
  };
}

const hexDigits = 16;

/**
 * What events say of a request's user: the same for all of their requests, whichever process serves them, and nothing
 * that leads back to the user without the salt, which stands in the database and never in an event.
 */
export class UserHash {
  // Not `private`: what is printed of an object shows those.
  #salt: Uint8Array | null = null;

  get isKnown(): boolean {
    return this.#salt !== null;
  }

  learn(salt: Uint8Array): void {
    this.#salt = salt;
  }

  /** undefined without a user, and as long as the store has not given the salt: a hash without it would say who it is. */
  of(user: string | null): string | undefined {
    if (user === null || this.#salt === null) return undefined;
    return createHmac('sha256', this.#salt).update(user).digest('hex').slice(0, hexDigits);
  }
}
