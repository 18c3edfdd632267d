import { isFitImageUrl } from '../image-url';
import { findModel, listPriceUsd, type ProviderModel } from '../models';
import { brokenFault, type CallFacts, failure, header, type Partly, parseAs } from '../outcome';
import type { ImageRequest, Provider, ProviderResult } from '../provider';
import type { ProviderSettings } from '../settings';
import { unreadable } from '../unreadable';
import { missingKey, unknownModel } from '../unserved';
import { type Answered, jsonHeaders, openUpstream } from '../upstream';
import { falImages } from './answer';
import { falFault } from './error';
import { falModels } from './models';
import { FalPricing } from './pricing';

/** FAL by its synchronous endpoint: the queue retries in silence and would hide failures. */
export function createFal(settings: ProviderSettings): Provider {
  const { name = 'fal', key, baseUrl, apiBaseUrl, ca, witnesses, open = openUpstream } = settings;
  const upstream = open(baseUrl, { ca, witnesses });
  const api = open(apiBaseUrl ?? baseUrl, { ca, witnesses });
  const pricing = new FalPricing(api, key ?? '');
  const headers = headersOf(key ?? '');
  return {
    name,
    configured: key !== null,
    whyNot: key === null ? (settings.whyNot ?? `${name} has no key`) : null,
    async generate(request, deadline) {
      const model = findModel(falModels, request.model);
      if (!model) return unknownModel(name, request);
      if (key === null) return missingKey(name, model.id);
      const call = { method: 'POST', path: `/${model.id}`, headers, body: bodyOf(request) } as const;
      const answer = await upstream.call(call, deadline);
      const facts: CallFacts = {
        provider: name,
        model: model.id,
        latencyMs: answer.latencyMs,
        providerRequestId: answer.kind === 'answer' ? header(answer.headers['x-fal-request-id']) : null,
      };
      if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
      if (answer.status !== 200) return failure(facts, falFault(answer, key));
      return readFal(answer, { facts, request, model, baseUrl, unitPriceUsd: pricing.unitPriceUsd(model.id) });
    },
    async probe(signal) {
      if (key === null) return { ok: false, latencyMs: 0, error: `${name} has no key`, errorKind: 'auth' };
      return pricing.ask(findModel(falModels, undefined)?.id ?? '', signal);
    },
    async close() {
      await Promise.all([upstream.close(), api.close()]);
    },
  };
}

function headersOf(key: string): Record<string, string> {
  return {
    ...jsonHeaders,
    authorization: `Key ${key}`,
    // A retry or another endpoint behind our back would hide a failure; said even where the platform says it does not.
    'x-fal-no-retry': '1',
    'x-fal-disable-fallbacks': '1',
  };
}

function bodyOf({ prompt, width, height, n }: ImageRequest): string {
  const size = { width, height };
  return JSON.stringify({
    prompt,
    image_size: size,
    num_images: n,
    enable_safety_checker: true,
    output_format: 'jpeg',
  });
}

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
