import { z } from 'zod';
import { isObject } from '@/lib/kernel/json-text';

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
export interface FalImages {
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

/** The two shapes of errors: a model's list, a platform's sentence. */
export const falError = z.object({
  detail: z.union([
    z.string(),
    z.array(z.object({ type: z.string().nullish(), msg: z.string().nullish(), loc: z.array(z.unknown()).nullish() })),
  ]),
  error_type: z.string().nullish(),
});

export const falPrices = z.object({
  prices: z.array(
    z.object({ endpoint_id: z.string(), unit_price: z.number().nonnegative(), unit: z.string(), currency: z.string() }),
  ),
});
