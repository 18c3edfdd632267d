import type { VendorSchema } from '@/lib/registry/vendor-schema';
import {
  enableSafetyChecker,
  guidanceScale,
  imageUrl,
  negativePrompt,
  numInferenceSteps,
  promptOpen,
  seed,
  syncMode,
} from './fal-fields';

export const falToolsSchemas: readonly VendorSchema[] = [
  {
    id: 'fal-ai/clarity-upscaler',
    source:
      '@fal-ai/client@1.10.1 src/types/endpoints.d.ts; ranges: https://fal.ai/models/fal-ai/clarity-upscaler/llms.txt (2026-11-29)',
    answers: 'image',
    fields: {
      prompt: promptOpen,
      creativity: { type: 'number', min: 0, max: 1 },
      enable_safety_checker: enableSafetyChecker,
      guidance_scale: guidanceScale,
      image_url: imageUrl,
      negative_prompt: negativePrompt,
      num_inference_steps: numInferenceSteps,
      resemblance: { type: 'number' },
      seed,
      upscale_factor: { type: 'number', min: 1, max: 4 },
    },
  },
  {
    id: 'fal-ai/esrgan',
    source: '@fal-ai/client@1.10.1 src/types/endpoints.d.ts (2026-11-29)',
    answers: 'image',
    fields: {
      face: { type: 'flag' },
      image_url: imageUrl,
      model: {
        type: 'text',
        oneOf: [
          'RealESRGAN_x4plus',
          'RealESRGAN_x2plus',
          'RealESRGAN_x4plus_anime_6B',
          'RealESRGAN_x4_v3',
          'RealESRGAN_x4_wdn_v3',
          'RealESRGAN_x4_anime_v3',
        ],
      },
      output_format: { type: 'text', oneOf: ['png', 'jpeg'] },
      scale: { type: 'number' },
      tile: { type: 'whole' },
    },
  },
  {
    id: 'fal-ai/birefnet/v2',
    source: '@fal-ai/client@1.10.1 src/types/endpoints.d.ts (2026-11-29)',
    answers: 'image',
    fields: {
      image_url: imageUrl,
      mask_only: { type: 'flag' },
      model: {
        type: 'text',
        oneOf: [
          'General Use (Light)',
          'General Use (Light 2K)',
          'General Use (Heavy)',
          'Matting',
          'Portrait',
          'General Use (Dynamic)',
        ],
      },
      operating_resolution: { type: 'text', oneOf: ['1024x1024', '2048x2048', '2304x2304'] },
      output_format: { type: 'text', oneOf: ['webp', 'png', 'gif'] },
      output_mask: { type: 'flag' },
      refine_foreground: { type: 'flag' },
      sync_mode: syncMode,
    },
  },
  {
    id: 'fal-ai/bria/background/remove',
    source: '@fal-ai/client@1.10.1 src/types/endpoints.d.ts (2026-11-29)',
    answers: 'image',
    fields: {
      image_url: imageUrl,
      sync_mode: syncMode,
    },
  },
];
