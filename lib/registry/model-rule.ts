import { z } from 'zod';

/** How one of our parameters is called at a provider, as a model's row says it. */

const path = z.string().regex(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,3}$/);
const number = z.number().finite();

export const valueRule = z.strictObject({
  to: path.optional(),
  type: z.enum(['whole', 'number', 'text', 'flag', 'choice', 'image', 'images', 'loras']).optional(),
  min: number.optional(),
  max: number.optional(),
  step: number.positive().optional(),
  times: number.optional(),
  plus: number.optional(),
  values: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
  default: z.unknown().optional(),
  required: z.boolean().optional(),
  list: z.boolean().optional(),
  most: z.number().int().positive().optional(),
  takes: z.array(z.enum(['url', 'data'])).optional(),
  model: path.optional(),
  scale: path.optional(),
  accepts: z.enum(['url', 'air', 'any']).optional(),
});

/** Sides that are made together, and no others: in place of a range. */
const sizes = z
  .array(z.string().regex(/^[1-9]\d{1,4}x[1-9]\d{1,4}$/, 'must be like 1024x1024'))
  .min(1)
  .max(200);

export const sizeRule = z.union([
  z.strictObject({
    as: z.literal('object'),
    to: path,
    min: number.optional(),
    max: number.optional(),
    step: number.positive().optional(),
    most: number.optional(),
    values: sizes.optional(),
  }),
  z.strictObject({
    as: z.literal('sides'),
    width: path,
    height: path,
    min: number.optional(),
    max: number.optional(),
    step: number.positive().optional(),
    most: number.optional(),
    values: sizes.optional(),
    /** The one of the list that is sent where the caller says nothing; left out: a square, where there is one. */
    default: z.string().optional(),
  }),
  z.strictObject({
    as: z.literal('ratio'),
    to: path,
    /** Ratios; where the sides that come of one are known, with them. */
    values: z.union([z.array(z.string()), z.record(z.string(), z.string())]),
    /** Sent where the caller says nothing; left out: 1:1, where it is one of them. */
    default: z.string().optional(),
  }),
  z.strictObject({ as: z.literal('names'), to: path, values: z.record(z.string(), z.string()) }),
]);

export const price = z.object({
  usd: z.number().nonnegative().optional(),
  per: z.enum(['image', 'megapixel', 'step', 'second', 'unit']).optional(),
  by: z.array(z.string()).optional(),
  at: z.record(z.string(), z.number().nonnegative()).optional(),
});

export type ValueRule = z.infer<typeof valueRule>;
export type SizeRule = z.infer<typeof sizeRule>;
export type Price = z.infer<typeof price>;

/** Of our own parameters the kind is known; others say theirs. */
const kinds: Readonly<Record<string, NonNullable<ValueRule['type']>>> = {
  prompt: 'text',
  n: 'whole',
  negative_prompt: 'text',
  seed: 'whole',
  steps: 'whole',
  guidance: 'number',
  output_format: 'choice',
  image: 'images',
  mask: 'image',
  strength: 'number',
  loras: 'loras',
  safety: 'flag',
  duration: 'whole',
  fps: 'whole',
};

export type Kind = NonNullable<ValueRule['type']> | 'any';

export function kindOf(name: string, { type, values }: Pick<ValueRule, 'type' | 'values'>): Kind {
  return kinds[name] ?? type ?? (values === undefined ? 'any' : 'choice');
}

/** What holds where a rule says nothing else. */
export const usually = {
  characters: 10_000,
  images: 16,
  lora: { model: 'path', scale: 'scale', min: -4, max: 4, most: 10 },
  side: { min: 64, max: 8192, step: 1 },
  megapixels: 64,
} as const;
