import type { Deadline } from '@/lib/kernel/deadline';
import { isObject } from '@/lib/kernel/json-text';
import type { VendorRequest } from '../../models/compile-model';
import type { Fields } from '../../models/image-request';
import { brokenFault, type CallFacts, failure, header, isFitImageUrl, jsonOf } from '../outcome';
import type { Provider, ProviderResult, Said } from '../provider';
import type { ProviderSettings } from '../settings';
import { unreadable } from '../unreadable';
import { missingKey, onlyLater } from '../unserved';
import { type Answered, jsonHeaders, openUpstream } from '../upstream';
import { falFault } from './error';
import { costOf, FalPricing } from './pricing';
import { falQueue } from './queue';
import { relayTo } from './relay';

/** Asking for its price proves a key. */
const pricedModel = 'fal-ai/flux/schnell';

const usualUrl = 'https://fal.run';

/**
 * FAL by its synchronous endpoint, since the queue retries in silence and would hide failures; by the queue what is
 * answered later. A stand-in for FAL has the queue at its own origin, under `/queue`.
 */
export function createFal(settings: ProviderSettings): Provider {
  const { name = 'fal', key, baseUrl, apiBaseUrl, ca, witnesses, open = openUpstream } = settings;
  const upstream = open(baseUrl, { ca, witnesses });
  const api = open(apiBaseUrl ?? baseUrl, { ca, witnesses });
  // A stand-in for FAL serves its files too.
  const storage = baseUrl === usualUrl ? open('https://rest.fal.ai', { ca, witnesses }) : upstream;
  const queue = baseUrl === usualUrl ? open('https://queue.fal.run', { ca, witnesses }) : upstream;
  const pricing = new FalPricing(api, key ?? '');
  const headers = headersOf(key ?? '');
  const prefix = queue === upstream ? '/queue' : '';
  // Not in the function that waits: the text of the body, an image in it perhaps, is not held meanwhile.
  const post = (id: string, fields: Fields, deadline: Deadline) =>
    upstream.call({ method: 'POST', path: `/${id}`, headers, body: JSON.stringify(fields) }, deadline);
  return {
    name,
    configured: key !== null,
    whyNot: key === null ? (settings.whyNot ?? `${name} has no key`) : null,
    async generate(request, deadline) {
      const { model, fields } = request;
      if (key === null) return missingKey(name, model.id);
      if (model.makesVideo) return onlyLater(name, model.id);
      const answer = await post(model.id, fields, deadline);
      const facts: CallFacts = {
        provider: name,
        model: model.id,
        latencyMs: answer.latencyMs,
        providerRequestId: answer.kind === 'answer' ? header(answer.headers['x-fal-request-id']) : null,
      };
      if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
      if (answer.status !== 200) return failure(facts, falFault(answer, key));
      return readFal(answer, { facts, request, baseUrl, unitPriceUsd: pricing.unitPriceUsd(model.id) });
    },
    jobs: falQueue({ name, key, headers, upstream: queue, prefix, pricing }),
    relay(call, deadline) {
      if (call.at !== 'queue') return relayTo(call.at === 'storage' ? storage : upstream, key ?? '', call, deadline);
      return relayTo(queue, key ?? '', { ...call, path: prefix + call.path }, deadline);
    },
    async probe(signal) {
      if (key === null) return { ok: false, latencyMs: 0, error: `${name} has no key`, errorKind: 'auth' };
      return pricing.ask(pricedModel, signal);
    },
    async close() {
      await Promise.all([...new Set([upstream, api, storage, queue])].map((each) => each.close()));
    },
  };
}

function headersOf(key: string): Record<string, string> {
  return {
    ...jsonHeaders,
    authorization: `Key ${key}`,
    // A retry or another endpoint behind our back would hide a failure; said even where the platform says it does not.
    'x-fal-no-retry': '1',
    'x-app-fal-disable-fallback': 'true',
  };
}

interface FalImage {
  readonly url: string;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly content_type?: string | null;
  /** What stands beside an image is judged where it is read. */
  readonly file_name?: unknown;
  readonly file_size?: unknown;
}

/** What a model answers. A response is untrusted input: of its other members none is read. */
interface FalImages {
  readonly images?: readonly FalImage[] | null;
  /** Where a model makes one of one. */
  readonly image?: FalImage | null;
  readonly has_nsfw_concepts?: readonly boolean[] | null;
  readonly seed?: unknown;
  readonly timings?: unknown;
}

const mostImages = 64;

/** Judged by hand, member by member: nearly every request has such an answer, and a schema costs it as much as its draw. */
export function isFalImages(value: unknown): value is FalImages {
  if (!isObject(value)) return false;
  const { images, image, has_nsfw_concepts: marks } = value;
  return (
    (images == null || (Array.isArray(images) && images.length <= mostImages && images.every(isImage))) &&
    (image == null || isImage(image)) &&
    (marks == null || (Array.isArray(marks) && marks.every((mark) => typeof mark === 'boolean')))
  );
}

function isImage(value: unknown): value is FalImage {
  if (!isObject(value)) return false;
  const { url, width, height, content_type: type } = value;
  const isTyped = type == null || (typeof type === 'string' && type.length <= 128);
  return typeof url === 'string' && isTyped && isSide(width) && isSide(height);
}

const isSide = (side: unknown) =>
  side == null || (typeof side === 'number' && Number.isInteger(side) && side > 0 && side <= 65_536);

/** What reading one answer takes besides the answer. */
interface FalCall {
  readonly facts: CallFacts;
  readonly request: VendorRequest;
  readonly unitPriceUsd: number | null;
  readonly baseUrl: string;
}

/** A 200 of FAL → its images, or why there are none. */
export function readFal(answer: Answered, call: FalCall): ProviderResult {
  const { facts } = call;
  const unusable = { httpStatus: 200, started: 'unknown' } as const;
  const body = jsonOf(answer.text);
  if (!isFalImages(body) || (body.images ?? body.image) == null) return failure(facts, unreadable(answer));
  const made = body.images ?? (body.image ? [body.image] : []);
  if (made.length === 0) {
    return failure(facts, { ...unusable, errorKind: 'empty', message: 'HTTP 200 without an image', started: 'yes' });
  }
  if (!made.every((image) => isFitImageUrl(image.url, call.baseUrl))) {
    return failure(facts, { ...unusable, errorKind: 'malformed', message: 'an image URL is not https' });
  }
  const cost = costOf(answer, call.unitPriceUsd, call.request, made.length);
  const images = made
    .filter((_, i) => body.has_nsfw_concepts?.[i] !== true)
    .map(({ url, width, height, content_type, file_name, file_size }) => {
      const fileName = typeof file_name === 'string' && file_name.length <= 512 ? file_name || undefined : undefined;
      const fileSize = Number.isSafeInteger(file_size) && Number(file_size) > 0 ? Number(file_size) : undefined;
      const known = { width: width ?? null, height: height ?? null, contentType: content_type ?? null };
      return { url, ...known, fileName, fileSize };
    });
  if (images.length > 0) return { ok: true, ...facts, images, ...cost, said: saidIn(body, answer) };
  const message = 'the safety checker withheld every image';
  return failure(facts, { ...unusable, errorKind: 'content_policy', message, started: 'yes' }, { images, ...cost });
}

function saidIn(body: FalImages, answer: Answered): Said {
  const { seed, timings, images, has_nsfw_concepts } = body;
  const { inference } = (timings ?? {}) as { readonly inference?: unknown };
  return {
    // Beyond what a number holds exactly it would be another seed.
    seed: Number.isSafeInteger(seed) ? (seed as number) : undefined,
    inferenceSeconds: typeof inference === 'number' ? inference : undefined,
    billableUnits: header(answer.headers['x-fal-billable-units']) ?? undefined,
    isChecked: (has_nsfw_concepts?.length ?? 0) > 0 || undefined,
    isSingle: images == null,
  };
}
