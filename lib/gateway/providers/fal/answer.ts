import { z } from 'zod';

const size = z.number().int().positive().max(65_536).nullish();

/** What stands beside an image is judged where it is read: a schema with a way out costs every answer. */
const image = z.object({
  ...{ url: z.string(), width: size, height: size, content_type: z.string().max(128).nullish() },
  ...{ file_name: z.unknown().optional(), file_size: z.unknown().optional() },
});

/** What a model answers. Unknown members are dropped: a response is untrusted input. */
export const falImages = z.object({
  images: z.array(image).max(64).nullish(),
  /** Where a model makes one of one. */
  image: image.nullish(),
  has_nsfw_concepts: z.array(z.boolean()).nullish(),
  ...{ seed: z.unknown().optional(), timings: z.unknown().optional() },
});

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
