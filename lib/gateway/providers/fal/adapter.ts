import type { Adapter } from '../adapter';
import { falVendor } from '../sandbox/fal';
import { createFal } from './fal';

export const fal: Adapter = {
  usualUrl: 'https://fal.run',
  create: createFal,
  own: new Set(['sync_mode', 'request_id']),
  usualParams: {
    prompt: { to: 'prompt', required: true },
    n: { to: 'num_images', min: 1, max: 4 },
    size: { as: 'object', to: 'image_size', min: 64, max: 14142 },
    seed: { to: 'seed', min: 0, max: 4294967295 },
    steps: { to: 'num_inference_steps', min: 1, max: 50 },
    guidance: { to: 'guidance_scale', min: 0, max: 20 },
    output_format: { to: 'output_format', values: ['jpeg', 'png'], default: 'jpeg' },
    safety: { to: 'enable_safety_checker', default: true },
  },
  sandbox: { key: 'sandbox:sandbox', vendor: falVendor },
};
