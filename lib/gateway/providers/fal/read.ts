import { parseAs } from '@/lib/gateway/providers/outcome';
import type { ImageRequest, ProviderResult } from '@/lib/gateway/providers/provider';
import { isFitImageUrl } from '../image-url';
import { listPriceUsd, type ProviderModel } from '../models';
import { type CallFacts, failure, header, type Partly } from '../outcome';
import { unreadable } from '../unreadable';
import type { Answered } from '../upstream';
import { falImages } from './answer';

/** What reading one answer takes besides the answer. */
interface FalCall {
  readonly facts: CallFacts;
  readonly request: ImageRequest;
  readonly model: ProviderModel;
  readonly unitPriceUsd: number | null;
  readonly baseUrl: string;
}

/** A 200 of FAL → its images, or why there are none. */
export function readFal(answer: Answered, call: FalCall): ProviderResult {
  const { facts } = call;
  const unusable = { httpStatus: 200, started: 'unknown' } as const;
  const body = parseAs(falImages, answer.text);
  if (!body) return failure(facts, unreadable(answer));
  if (body.images.length === 0) {
    return failure(facts, { ...unusable, errorKind: 'empty', message: 'HTTP 200 without an image', started: 'yes' });
  }
  if (!body.images.every((image) => isFitImageUrl(image.url, call.baseUrl))) {
    return failure(facts, { ...unusable, errorKind: 'malformed', message: 'an image URL is not https' });
  }
  const cost = costOf(answer, call, body.images.length);
  const images = body.images
    .filter((_, i) => body.has_nsfw_concepts?.[i] !== true)
    .map(({ url, width, height, content_type }) => {
      return { url, width: width ?? null, height: height ?? null, contentType: content_type ?? null };
    });
  if (images.length > 0) return { ok: true, ...facts, images, ...cost };
  const message = 'the safety checker withheld every image';
  return failure(facts, { ...unusable, errorKind: 'content_policy', message, started: 'yes' }, { images, ...cost });
}

/** The body says nothing of money: units from the header times the price, else the price list. */
function costOf(answer: Answered, { unitPriceUsd, model, request }: FalCall, count: number): Omit<Partly, 'images'> {
  const units = Number(header(answer.headers['x-fal-billable-units']) ?? Number.NaN);
  if (unitPriceUsd !== null && units >= 0 && units < 1e6) {
    return { costUsd: units * unitPriceUsd, costBasis: 'units_x_price' };
  }
  const listed = listPriceUsd(model, Array(count).fill(request));
  return listed === null ? { costUsd: null, costBasis: 'unknown' } : { costUsd: listed, costBasis: 'price_list' };
}
