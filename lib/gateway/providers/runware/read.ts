import { isFitImageUrl, parseAs } from '@/lib/gateway/providers/outcome';
import type { ProviderResult, Said } from '@/lib/gateway/providers/provider';
import type { VendorRequest } from '../../models/compile-model';
import { type CallFacts, type Fault, failure, type Partly } from '../outcome';
import { unreadable } from '../unreadable';
import type { Answered } from '../upstream';
import { type RunwareItem, runwareAnswer } from './answer';
import { runwareFault } from './error';

/** What reading one answer takes besides the answer. `facts.providerRequestId` is the task's UUID. */
interface RunwareCall {
  readonly facts: CallFacts;
  readonly request: VendorRequest;
  readonly key: string;
  readonly baseUrl: string;
}

/** Any answer of Runware → images, or why there are none. An error for our task fails it, images or not. */
export function readRunware(answer: Answered, { facts, request, key, baseUrl }: RunwareCall): ProviderResult {
  const body = parseAs(runwareAnswer, answer.text);
  const errors = body?.errors ?? [];
  // Other tasks' lines may stand between ours; an error that names no task is ours: we sent but one.
  const error = errors.find(({ taskUUID }) => !taskUUID || taskUUID === facts.providerRequestId) ?? null;
  if (answer.status !== 200) return failure(facts, runwareFault(answer, error ?? errors[0] ?? null, key));
  const unusable = { httpStatus: 200, started: 'unknown' } as const;
  if (!body) return failure(facts, unreadable(answer));
  const mine = (body.data ?? []).filter((item) => item.taskUUID === facts.providerRequestId && item.imageURL);
  if (!mine.every((item) => isFitImageUrl(item.imageURL ?? '', baseUrl))) {
    return failure(facts, { ...unusable, errorKind: 'malformed', message: 'an image URL is not https' });
  }
  const partly = delivered(mine, request);
  if (error) return failure(facts, { ...runwareFault(answer, error, key), ...begun(mine) }, partly);
  if (mine.length === 0) {
    return failure(facts, { ...unusable, errorKind: 'empty', message: 'HTTP 200 without an image', started: 'yes' });
  }
  if (partly.images.length > 0) return { ok: true, ...facts, ...partly, said: saidOf(mine) };
  const message = 'the content filter withheld every image';
  return failure(facts, { ...unusable, errorKind: 'content_policy', message, started: 'yes' }, partly);
}

function saidOf(items: readonly RunwareItem[]): Said {
  const given = items.filter(({ NSFWContent }) => NSFWContent !== true);
  const seed = given[0]?.seed;
  const isChecked = given.every(({ NSFWContent }) => NSFWContent === false) || undefined;
  return { seed: Number.isSafeInteger(seed) ? (seed as number) : undefined, isChecked };
}

/** Images that arrived beside an error prove that the work had begun. */
function begun(items: readonly RunwareItem[]): Partial<Fault> {
  return items.length > 0 ? { started: 'yes' } : {};
}

function delivered(items: readonly RunwareItem[], { model, request }: VendorRequest): Partly {
  const { width, height } = model.sidesOf(request) ?? { width: null, height: null };
  const isPriced = items.length > 0 && items.every((item) => typeof item.cost === 'number');
  return {
    images: items
      .filter((item) => item.NSFWContent !== true)
      .map((item) => ({ url: item.imageURL ?? '', width, height, contentType: null })),
    costUsd: isPriced ? items.reduce((sum, item) => sum + (item.cost ?? 0), 0) : null,
    costBasis: isPriced ? 'billed' : 'unknown',
  };
}
