import * as fal from './fal-rules';
import type { ShippedModel } from './shipped-model';

const { client, readOn } = fal;
const { row } = fal;
const negative = { negative_prompt: 'negative_prompt' };
const full = { ...fal.open, ...negative, steps: fal.stepsTo(50), guidance: fal.guidance };
const { output_format: _, ...withoutFormat } = full;

export const falOpen: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'qwen-image',
    providerModel: 'fal-ai/qwen-image',
    params: { ...full, loras: fal.loras, acceleration: fal.acceleration },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'qwen-image-2512',
    providerModel: 'fal-ai/qwen-image-2512',
    params: { ...full, output_format: fal.jpegPngOrWebp, acceleration: fal.acceleration },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'qwen-image-edit',
    providerModel: 'fal-ai/qwen-image-edit',
    params: { ...full, image: fal.oneImage, acceleration: fal.acceleration },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'qwen-image-edit-plus',
    providerModel: 'fal-ai/qwen-image-edit-plus',
    params: {
      ...full,
      steps: fal.stepsTo(100, 2),
      guidance: { to: 'guidance_scale', min: 0, max: 20 },
      image: fal.images(3),
      output_format: fal.jpegPngOrWebp,
      acceleration: fal.acceleration,
    },
    source: `${client}; ranges: model page as copied at doc.quickrouter.ai; three images are what its example sends ${readOn}`,
  },
  {
    ...row,
    alias: 'sdxl',
    providerModel: 'fal-ai/fast-sdxl',
    params: {
      ...full,
      loras: fal.loras,
      output_format: { to: 'format', values: ['jpeg', 'png'], default: 'jpeg' },
    },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'stable-diffusion-3-medium',
    providerModel: 'fal-ai/stable-diffusion-v3-medium',
    params: withoutFormat,
    source: fal.unread,
  },
  {
    ...row,
    alias: 'hidream-i1-full',
    providerModel: 'fal-ai/hidream-i1-full',
    params: { ...full, loras: fal.loras },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'hidream-i1-dev',
    providerModel: 'fal-ai/hidream-i1-dev',
    params: { ...fal.open, ...negative, steps: fal.stepsTo(50) },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'hidream-i1-fast',
    providerModel: 'fal-ai/hidream-i1-fast',
    params: { ...fal.open, ...negative, steps: fal.stepsTo(50) },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'z-image-turbo',
    providerModel: 'fal-ai/z-image/turbo',
    price: { usd: 0.005, per: 'megapixel' },
    params: {
      ...fal.open,
      steps: fal.stepsTo(8),
      output_format: fal.jpegPngOrWebp,
      acceleration: fal.acceleration,
    },
    source: `${client}; ranges and price: https://fal.ai/docs/model-api-reference/image-generation-api/z-image-turbo ${readOn}`,
  },
  {
    ...row,
    alias: 'z-image',
    providerModel: 'fal-ai/z-image/base',
    params: { ...full, output_format: fal.jpegPngOrWebp, acceleration: fal.acceleration },
    source: `${client}; ranges: https://fal.ai/docs/model-api-reference/image-generation-api/z-image-base ${readOn}`,
  },
];
