import type { Draw } from './draw';
import type { FalInput } from './fal-input';
import { invalid } from './fal-invalid';
import { makeVideo, videoUrl } from './jobs/video';
import { pictureUrl } from './picture';
import { idOf, type Reply, retryAfterOf, type World } from './vendor';

/** What the model answers to a good input. */
export function falReply(input: FalInput, draw: Draw, world: World): Reply {
  const { faults, origin } = world;
  const requestId = idOf(draw.seed, 0);
  const refusal = falRefusal(draw, faults);
  const headers = { 'x-fal-request-id': requestId };
  if (refusal) return { ...refusal, headers: { ...headers, ...refusal.headers } };
  if (input.schema.answers === 'video') return videoReply(input, draw, world);
  const count = draw.verdict === 'no_image' ? 0 : (faults.images ?? input.images);
  const { width, height, prompt, schema } = input;
  const seed = input.seed ?? draw.seed;
  const images = Array.from({ length: count }, (_, i) => {
    const url = pictureUrl(origin, { provider: 'fal', prompt, width, height, seed: seed + i });
    const isDead = draw.fate?.end === 'dead_link';
    return { url: isDead ? url.replace('.svg?', '.gone.svg?') : url, width, height, content_type: 'image/svg+xml' };
  });
  const units = count * Math.ceil((width * height) / 1e6);
  return {
    status: 200,
    headers: { ...headers, 'x-fal-billable-units': String(units) },
    body:
      schema.answers === 'image'
        ? { image: images[0] ?? null }
        : {
            images,
            timings: { inference: draw.delayMs / 1000 },
            seed,
            has_nsfw_concepts: images.map(() => false),
            prompt,
          },
  };
}

function videoReply({ seconds, ...input }: FalInput, draw: Draw, { origin }: World): Reply {
  const seed = input.seed ?? draw.seed;
  const made = videoUrl(origin, { provider: 'fal', seconds, seed });
  const url = draw.fate?.end === 'dead_link' ? made.replace('.mp4?', '.gone.mp4?') : made;
  const video = {
    url,
    content_type: 'video/mp4',
    file_name: 'output.mp4',
    file_size: makeVideo({ provider: 'fal', seconds, seed }).length,
  };
  const units = draw.verdict === 'no_image' ? 0 : seconds;
  return {
    status: 200,
    headers: { 'x-fal-request-id': idOf(draw.seed, 0), 'x-fal-billable-units': String(units) },
    body: draw.verdict === 'no_image' ? { seed } : { video, seed },
  };
}

/** What is answered before the model is asked; null: it is asked. */
export function falRefusal({ verdict }: Draw, faults: World['faults']): Reply | null {
  switch (verdict) {
    case 'failure':
    case 'partial_errors':
      return platformError(faults.status, faults.kind ?? 'runner_scheduling_failure');
    case 'rate_limited':
      return { status: 429, headers: retryAfterOf(faults), body: { detail: 'Too many concurrent requests' } };
    case 'content_policy':
      return invalid({
        loc: ['body', 'prompt'],
        msg: 'The content could not be processed',
        type: 'content_policy_violation',
      });
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
