import type { ModelEntry, ProviderEntry } from '@/lib/registry/registry';

/** A row of a model, for tests. */
export function row(alias: string, provider: string, params: Record<string, unknown>, more: Partial<ModelEntry> = {}) {
  const rest = { price: {}, fixed: {}, lossy: 'pin', enabled: true, source: null, shipped: false } as const;
  return { alias, provider, providerModel: `${provider}/${alias}`, params, ...rest, ...more };
}

export const provider = (name: string, adapter = name): ProviderEntry => ({
  ...{ name, adapter, label: name, baseUrl: null, options: {}, state: 'active', deprecated: false },
});

export const falRules = {
  prompt: { to: 'prompt', required: true, max: 1000 },
  n: { to: 'num_images', min: 1, max: 4 },
  size: { as: 'object', to: 'image_size', min: 64, max: 4096 },
  seed: { to: 'seed', min: 0, max: 4294967295 },
  steps: { to: 'num_inference_steps', min: 1, max: 50 },
  guidance: { to: 'guidance_scale', min: 1, max: 20 },
  output_format: { to: 'output_format', values: ['jpeg', 'png'], default: 'jpeg' },
  safety: { to: 'enable_safety_checker', default: true },
  strength: { to: 'strength', min: 0, max: 1 },
  image: { to: 'image_url' },
  loras: { to: 'loras', accepts: 'url', most: 3 },
};

export const runwareRules = {
  prompt: { to: 'positivePrompt', required: true, max: 3000 },
  n: { to: 'numberResults', min: 1, max: 20 },
  size: { as: 'sides', width: 'width', height: 'height', min: 128, max: 2048, step: 64 },
  negative_prompt: 'negativePrompt',
  seed: { to: 'seed', min: 1, max: 4294967295 },
  steps: { to: 'steps', min: 1, max: 100 },
  guidance: { to: 'CFGScale', min: 0, max: 50, times: 2 },
  output_format: { to: 'outputFormat', values: { jpeg: 'JPG', png: 'PNG', webp: 'WEBP' }, default: 'jpeg' },
  safety: { to: 'safety.checkContent' },
  strength: { to: 'strength', min: 0, max: 1, times: -1, plus: 1 },
  image: { to: 'inputs.references', list: true, most: 4 },
  loras: { to: 'lora', model: 'model', scale: 'weight', accepts: 'air' },
};
