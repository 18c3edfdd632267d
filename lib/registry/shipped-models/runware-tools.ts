import * as runware from './runware-rules';
import type { ShippedModel } from './shipped-model';

const row = { provider: 'runware', price: {}, lossy: 'pin', enabled: true } as const;
const upscale = { taskType: 'upscale' };
const removeBackground = { taskType: 'removeBackground' };
const upscaleSource = runware.readAt('https://runware.ai/docs/en/tools/upscale');
const cutOutSource = runware.readAt('https://runware.ai/docs/en/tools/remove-background');

export const runwareTools: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'clarity-upscaler',
    providerModel: 'runware:500@1',
    fixed: upscale,
    params: {
      prompt: { to: 'settings.positivePrompt', max: 3000, required: false },
      negative_prompt: { to: 'settings.negativePrompt', max: 3000 },
      image: runware.onlyImage,
      upscale_factor: { to: 'upscaleFactor', type: 'number', min: 2, max: 2, default: 2 },
      strength: { to: 'settings.strength', min: 0, max: 1, default: 0.35 },
      steps: { to: 'settings.steps', min: 1, max: 100 },
      guidance: { to: 'settings.CFGScale', min: 0, max: 50 },
      seed: { ...runware.seed, to: 'settings.seed' },
      output_format: runware.formats,
    },
    source: upscaleSource,
  },
  {
    ...row,
    alias: 'esrgan',
    providerModel: 'runware:504@1',
    fixed: upscale,
    params: {
      image: runware.onlyImage,
      upscale_factor: { to: 'upscaleFactor', type: 'number', min: 2, max: 4, step: 2, default: 2 },
      output_format: { ...runware.formats, default: 'png' },
    },
    source: upscaleSource,
  },
  {
    ...row,
    alias: 'birefnet',
    providerModel: 'runware:112@5',
    fixed: removeBackground,
    params: { image: runware.onlyImage, output_format: runware.clearFormats },
    source: cutOutSource,
  },
  {
    ...row,
    alias: 'bria-rmbg',
    providerModel: 'bria:2@1',
    fixed: removeBackground,
    params: { image: runware.onlyImage, output_format: runware.clearFormats },
    source: cutOutSource,
  },
];
