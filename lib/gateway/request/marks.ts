import type { ImageRequest } from '../models/image-request';
import type { PriceMarks, Tellable } from '../models/models';
import type { Fit, Way } from '../models/way';
import type { UserHash } from './user-hash';

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
  const marks = { user_hash: users.of(user), ...models.priceMarksOf(request) };
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
