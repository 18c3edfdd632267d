import type { VendorRequest } from '../../models/compile-model';
import { isBase64, kindOf } from '../../models/input-image';
import { listPriceUsd } from '../../models/list-price';
import { largestImageBytes } from '../fetch-image';
import { type CallFacts, failure, isFitImageUrl, parseAs } from '../outcome';
import type { ProviderResult } from '../provider';
import { unreadable } from '../unreadable';
import type { Answered } from '../upstream';
import { openaiError, openaiImages } from './answer';
import { openaiFault } from './error';

interface OpenaiCall {
  readonly facts: CallFacts;
  readonly request: VendorRequest;
  readonly key: string;
  readonly baseUrl: string;
}

/** Any answer → images, or why there are none. Images that came as bytes are `data:` URIs. */
export function readOpenai(answer: Answered, { facts, request, key, baseUrl }: OpenaiCall): ProviderResult {
  if (answer.status !== 200) return failure(facts, openaiFault(answer, key));
  const body = parseAs(openaiImages, answer.text);
  if (!body) return failure(facts, parseAs(openaiError, answer.text) ? openaiFault(answer, key) : unreadable(answer));
  const unusable = { httpStatus: 200, started: 'unknown' } as const;
  const made = body.data.filter(({ b64_json, url }) => b64_json || url);
  if (made.length === 0) {
    return failure(facts, { ...unusable, errorKind: 'empty', message: 'HTTP 200 without an image', started: 'yes' });
  }
  const found = made.map(({ b64_json, url }) => (b64_json ? fromBytes(b64_json) : fromUrl(url ?? '', baseUrl)));
  const images = found.filter((image) => image !== null);
  if (images.length < found.length) {
    const message = 'an image is neither an https URL nor the bytes of a png, jpeg, webp or gif of at most 20 MB';
    return failure(facts, { ...unusable, errorKind: 'malformed', message, started: 'yes' });
  }
  const { width, height } = request.model.sidesOf(request.request) ?? { width: null, height: null };
  const costUsd = listPriceUsd(request.model, request.request, images.length);
  const costBasis = costUsd === null ? 'unknown' : 'price_list';
  return { ok: true, ...facts, images: images.map((image) => ({ ...image, width, height })), costUsd, costBasis };
}

interface Found {
  readonly url: string;
  readonly contentType: string | null;
}

function fromUrl(url: string, baseUrl: string): Found | null {
  return isFitImageUrl(url, baseUrl) ? { url, contentType: null } : null;
}

function fromBytes(base64: string): Found | null {
  if (base64.length * 0.75 > largestImageBytes || !isBase64(base64)) return null;
  const kind = kindOf(Buffer.from(base64.slice(0, 64), 'base64'));
  return kind && { url: `data:image/${kind};base64,${base64}`, contentType: `image/${kind}` };
}
