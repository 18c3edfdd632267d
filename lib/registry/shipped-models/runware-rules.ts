import type { ShippedRules } from './shipped-model';

/** What most rows have alike. */
export const row = { provider: 'runware', price: {}, fixed: {}, lossy: 'pin', enabled: true } as const;

/** Rules that many of Runware's models share. */

export const promptTo = (most: number) => ({ to: 'positivePrompt', max: most, required: true });
/** Only those that are made together. */
export const sizes = (values: readonly string[]) => ({ as: 'sides', width: 'width', height: 'height', values });
export const sides = (min: number, max: number, step: number) => ({
  as: 'sides',
  width: 'width',
  height: 'height',
  min,
  max,
  step,
});
export const seed = { to: 'seed', min: 1, max: 9007199254740991 };
export const formats = {
  to: 'outputFormat',
  values: { jpeg: 'JPG', png: 'PNG', webp: 'WEBP' },
  default: 'jpeg',
};
/** Where what is left of a picture is see-through. */
export const clearFormats = { to: 'outputFormat', values: { png: 'PNG', webp: 'WEBP' }, default: 'png' };
export const stepsTo = (most: number, least = 1) => ({ to: 'steps', min: least, max: most });
export const guidanceTo = (most: number, least = 0) => ({ to: 'CFGScale', min: least, max: most });
export const images = (most: number, required = false) => ({
  to: 'inputs.referenceImages',
  list: true,
  most,
  required,
});
export const seedImage = (required: boolean) => ({ to: 'inputs.seedImage', required });
export const mask = (required: boolean) => ({ to: 'inputs.maskImage', required });
export const onlyImage = { to: 'inputs.image', required: true };
export const strength = { to: 'strength', min: 0, max: 1 };
const loras = { to: 'lora', model: 'model', scale: 'weight', accepts: 'air', min: -4, max: 4 };
export const enhancePrompt = { to: 'providerSettings.bfl.promptUpsampling', type: 'flag' };
export const tolerance = {
  to: 'providerSettings.bfl.safetyTolerance',
  type: 'choice',
  values: { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5, '6': 6 },
};

/** Of every task that makes a picture from words. */
export const task: ShippedRules = {
  n: { to: 'numberResults', min: 1, max: 20 },
  output_format: formats,
  safety: 'safety.checkContent',
};
/** A model whose weights are open, which Runware runs itself. */
export const open: ShippedRules = {
  ...task,
  prompt: promptTo(3000),
  size: sides(128, 2048, 64),
  seed,
  steps: stepsTo(100),
  guidance: guidanceTo(50),
  negative_prompt: { to: 'negativePrompt', max: 3000 },
  loras,
};
/** One that also begins with a picture. */
export const seeded: ShippedRules = { ...open, image: seedImage(false), mask: mask(false), strength };

/** Runware's own list of which of its models is which of FAL's. */
const pairs = 'Runware/runware-skills@57cd0aaa fal-to-runware/references/model-map.md';
/** Runware's own SDK, made from its published schemas: fields, words and what is required; no ranges. */
const sdk = 'Runware/runware-python@6d4a442 types/task_map.py';
const readOn = '(2026-11-29)';
const docs = 'https://runware.ai/docs/en';

export const readAt = (more: string) => `${pairs}; ${sdk}; ${more} ${readOn}`;
export const openSource = readAt(`ranges: ${docs}/image-inference/api-reference`);
export const fromProvider = (name: string) => readAt(`ranges: ${docs}/providers/${name}`);
/** Its page of a model has sizes, lengths and the price. */
export const videoAt = (slug: string, more = '') =>
  `${sdk}; sizes, lengths and price: ${docs.replace('/en', '/models')}/${slug}.md${more} ${readOn}`;
/** Where its page of a provider has its models' sizes, and no price. */
export const videoFrom = (more: string) => `${sdk}; ${more} ${readOn}`;
