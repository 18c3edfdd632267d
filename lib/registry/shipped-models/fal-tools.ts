import * as fal from './fal-rules';
import type { ShippedModel } from './shipped-model';

const { client, readOn } = fal;
const { row } = fal;

export const falTools: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'clarity-upscaler',
    providerModel: 'fal-ai/clarity-upscaler',
    price: { usd: 0.03, per: 'megapixel' },
    params: {
      prompt: { to: 'prompt', required: false },
      negative_prompt: 'negative_prompt',
      image: fal.oneImage,
      upscale_factor: { type: 'number', min: 1, max: 4, default: 2 },
      strength: { to: 'creativity', min: 0, max: 1, default: 0.35 },
      steps: fal.stepsTo(50, 4),
      guidance: fal.guidance,
      seed: { to: 'seed', min: 0, max: 4294967295 },
      safety: { to: 'enable_safety_checker', default: true },
    },
    source: `${client}; ranges and price: https://fal.ai/models/fal-ai/clarity-upscaler/llms.txt; of steps and guidance not found ${readOn}`,
  },
  {
    ...row,
    alias: 'esrgan',
    providerModel: 'fal-ai/esrgan',
    params: {
      image: fal.oneImage,
      upscale_factor: { to: 'scale', type: 'number', min: 1, max: 4, default: 2 },
      output_format: { to: 'output_format', values: ['png', 'jpeg'], default: 'png' },
    },
    source: `${client}; the range of scale was not found ${readOn}`,
  },
  {
    ...row,
    alias: 'birefnet',
    providerModel: 'fal-ai/birefnet/v2',
    params: {
      image: fal.oneImage,
      output_format: { to: 'output_format', values: ['png', 'webp'], default: 'png' },
      refine_foreground: { type: 'flag' },
    },
    source: `${client} ${readOn}`,
  },
  {
    ...row,
    alias: 'bria-rmbg',
    providerModel: 'fal-ai/bria/background/remove',
    params: { image: fal.oneImage },
    source: `${client} ${readOn}`,
  },
];
