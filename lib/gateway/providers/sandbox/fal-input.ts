import type { VendorSchema } from '@/lib/registry/vendor-schema';
import { refusedBy } from './fal-invalid';
import { judge } from './judge';
import type { Reply } from './vendor';

type Body = Readonly<Record<string, unknown>>;

export interface FalInput {
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
  readonly images: number;
  readonly seed: number | null;
  /** Of a video. */
  readonly seconds: number;
  readonly schema: VendorSchema;
}

const sizes: Readonly<Record<string, readonly [number, number]>> = {
  square: [512, 512],
  square_hd: [1024, 1024],
  portrait_4_3: [768, 1024],
  portrait_16_9: [576, 1024],
  landscape_4_3: [1024, 768],
  landscape_16_9: [1024, 576],
  auto_2K: [2048, 2048],
  auto_4K: [4096, 4096],
};

/** The model's input, or the 422 that says what is wrong with it. */
export function readFalInput(schema: VendorSchema, body: unknown): FalInput | Reply {
  const input = (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}) as Body;
  const refusal = refusedBy(judge(schema, input));
  if (refusal) return refusal;
  const [width, height] = sidesOf(schema, input);
  return {
    prompt: typeof input.prompt === 'string' ? input.prompt : '',
    width,
    height,
    images: schema.answers === 'image' ? 1 : Number(input.num_images ?? 1),
    seed: typeof input.seed === 'number' ? input.seed : null,
    seconds: Number.parseFloat(String(input.duration ?? '5')) || 5,
    schema,
  };
}

/** What the request says of the size, in any of the ways FAL's models have; a model's own is 1024 × 1024. */
function sidesOf({ fields }: VendorSchema, input: Body): readonly [number, number] {
  const { image_size: size, aspect_ratio: ratio, resolution_mode: mode } = input;
  if (typeof size === 'object' && size !== null) {
    const { width = 512, height = 512 } = size as { width?: number; height?: number };
    return [width, height];
  }
  const usual = fields.image_size?.oneOf?.includes('landscape_4_3') ? 'landscape_4_3' : 'square_hd';
  const word = String(size ?? usual);
  const [, width, height] = /^(\d+)x(\d+)$/.exec(word) ?? [];
  if (width && height) return [Number(width), Number(height)];
  const [, across, down] = /^(\d+):(\d+)$/.exec(String(ratio ?? mode)) ?? [];
  if (across && down) return inRatio(Number(across) / Number(down));
  return (fields.image_size ? sizes[word] : undefined) ?? [1024, 1024];
}

/** About a megapixel. */
function inRatio(ratio: number): readonly [number, number] {
  const nearest = (side: number) => Math.round(side / 16) * 16;
  return [nearest(1024 * Math.sqrt(ratio)), nearest(1024 / Math.sqrt(ratio))];
}
