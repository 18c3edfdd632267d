import type { Draw } from './draw';
import { pictureUrl } from './picture';
import { idOf, type Reply, retryAfterOf, type World } from './vendor';

const sizes: Readonly<Record<string, readonly [number, number]>> = {
  square: [512, 512],
  square_hd: [1024, 1024],
  portrait_4_3: [768, 1024],
  portrait_16_9: [576, 1024],
  landscape_4_3: [1024, 768],
  landscape_16_9: [1024, 576],
};

interface FalInput {
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
  readonly images: number;
}

/** The model's input, or the 422 that says what is wrong with it. */
export function readFalInput(body: unknown): FalInput | Reply {
  const input = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (typeof input.prompt !== 'string') return invalid(['body', 'prompt'], 'Field required', 'missing');
  const images = input.num_images ?? 1;
  if (typeof images !== 'number' || !Number.isInteger(images) || images < 1 || images > 4) {
    return invalid(['body', 'num_images'], 'Input should be between 1 and 4', 'less_than_equal');
  }
  const size = readSize(input.image_size ?? 'landscape_4_3');
  if (!size) return invalid(['body', 'image_size'], 'Input is not a valid image size', 'image_size');
  return { prompt: input.prompt, width: size[0], height: size[1], images };
}

function readSize(size: unknown): readonly [number, number] | null {
  if (typeof size === 'string') return sizes[size] ?? null;
  const { width, height } = (size ?? {}) as Record<string, unknown>;
  const isSide = (side: unknown): side is number => typeof side === 'number' && side >= 1 && side <= 14_142;
  return isSide(width) && isSide(height) ? [width, height] : null;
}

/** What the model answers to a good input. */
export function falReply(input: FalInput, draw: Draw, world: World): Reply {
  const { faults, origin } = world;
  const requestId = idOf(draw.seed, 0);
  const refusal = falRefusal(draw, faults);
  const headers = { 'x-fal-request-id': requestId };
  if (refusal) return { ...refusal, headers: { ...headers, ...refusal.headers } };
  const count = draw.verdict === 'no_image' ? 0 : (faults.images ?? input.images);
  const { width, height, prompt } = input;
  const images = Array.from({ length: count }, (_, i) => {
    const url = pictureUrl(origin, { provider: 'fal', prompt, width, height, seed: draw.seed + i });
    return { url, width, height, content_type: 'image/svg+xml' };
  });
  const units = count * Math.ceil((width * height) / 1e6);
  return {
    status: 200,
    headers: { ...headers, 'x-fal-billable-units': String(units) },
    body: {
      images,
      timings: { inference: draw.delayMs / 1000 },
      seed: draw.seed,
      has_nsfw_concepts: images.map(() => false),
      prompt,
    },
  };
}

function falRefusal({ verdict }: Draw, faults: World['faults']): Reply | null {
  switch (verdict) {
    case 'failure':
    case 'partial_errors':
      return platformError(faults.status, faults.kind ?? 'runner_scheduling_failure');
    case 'rate_limited':
      return { status: 429, headers: retryAfterOf(faults), body: { detail: 'Too many concurrent requests' } };
    case 'content_policy':
      return invalid(['body', 'prompt'], 'The content could not be processed', 'content_policy_violation');
    case 'balance':
      return { status: 403, body: { detail: 'User is locked. Reason: Exhausted balance. Top up your balance.' } };
    default:
      return null;
  }
}

function platformError(status: number, kind: string): Reply {
  return {
    status,
    headers: { 'x-fal-error-type': kind, 'x-fal-retryable': String(status >= 500) },
    body: { detail: `The request failed: ${kind}`, error_type: kind },
  };
}

function invalid(loc: readonly string[], msg: string, type: string): Reply {
  return { status: 422, body: { detail: [{ loc, msg, type }] } };
}
