import type { VendorField, VendorFields } from '@/lib/registry/vendor-schema';

/** What several of Runware's tasks have, word for word. */

export const acceleration: VendorField = { type: 'text', oneOf: ['none', 'low', 'medium', 'high'] };
export const acceleratorOptions: VendorField = { type: 'any' };
export const cfgScale: VendorField = { type: 'number', min: 0, max: 50 };
export const cfgScaleTo20: VendorField = { type: 'number', min: 1, max: 20 };
export const clipSkip: VendorField = { type: 'whole' };
export const controlNet: VendorField = { type: 'list' };
export const height: VendorField = { type: 'whole', required: true };
export const heightNeeded: VendorField = { type: 'whole', required: true, min: 128, max: 2048, step: 64 };
export const heightNeededTo2048: VendorField = { type: 'whole', required: true, min: 256, max: 2048, step: 16 };
export const heightOpen: VendorField = { type: 'whole' };
export const heightTo2048: VendorField = { type: 'whole', min: 128, max: 2048, step: 64 };
export const hiresFix: VendorField = { type: 'any' };
const inputs: VendorField = { type: 'object', fields: { seedImage: { type: 'image' }, maskImage: { type: 'image' } } };
export const inputsNeeded: VendorField = {
  type: 'object',
  fields: { image: { type: 'image', required: true } },
  required: true,
};
export const inputsNeededReferring: VendorField = {
  type: 'object',
  fields: { referenceImages: { type: 'images', required: true } },
  required: true,
};
export const inputsNeededSeeded: VendorField = {
  type: 'object',
  fields: { seedImage: { type: 'image', required: true }, maskImage: { type: 'image', required: true } },
  required: true,
};
export const inputsReferring14: VendorField = {
  type: 'object',
  fields: { referenceImages: { type: 'images', max: 14 } },
};
export const inputsReferring16: VendorField = {
  type: 'object',
  fields: { referenceImages: { type: 'images', max: 16 } },
};
export const inputsReferring2: VendorField = {
  type: 'object',
  fields: { referenceImages: { type: 'images', max: 2 } },
};
export const inputsReferring8: VendorField = {
  type: 'object',
  fields: { referenceImages: { type: 'images', max: 8 } },
};
export const ipAdapters: VendorField = { type: 'list' };
export const layerDiffuse: VendorField = { type: 'flag' };
export const lora: VendorField = {
  type: 'list',
  fields: { model: { type: 'text', required: true }, weight: { type: 'number', min: -4, max: 4 } },
};
const maskMargin: VendorField = { type: 'whole', min: 32, max: 128 };
export const negativePrompt: VendorField = { type: 'text', min: 2, max: 3000 };
export const negativePromptOpen: VendorField = { type: 'text' };
export const negativePromptTo2000: VendorField = { type: 'text', min: 1, max: 2000 };
const numberResults: VendorField = { type: 'whole', min: 1, max: 20 };
const outpaint: VendorField = { type: 'any' };
export const positivePrompt: VendorField = { type: 'text', required: true, min: 2, max: 3000 };
export const positivePromptNeeded: VendorField = { type: 'text', required: true, min: 1, max: 2000 };
export const positivePromptNeededOpen: VendorField = { type: 'text', required: true };
export const positivePromptNeededTo32000: VendorField = { type: 'text', required: true, min: 1, max: 32000 };
export const promptWeighting: VendorField = { type: 'text', oneOf: ['compel', 'sdEmbeds'] };
export const providerSettings: VendorField = { type: 'any' };
export const providerSettingsOfbfl: VendorField = {
  type: 'object',
  fields: {
    bfl: {
      type: 'object',
      fields: { promptUpsampling: { type: 'flag' }, safetyTolerance: { type: 'whole', min: 0, max: 6 } },
    },
  },
};
export const providerSettingsOfopenai: VendorField = {
  type: 'object',
  fields: { openai: { type: 'object', fields: { quality: { type: 'text' }, background: { type: 'text' } } } },
};
export const pulid: VendorField = { type: 'any' };
const safety: VendorField = { type: 'object', fields: { checkContent: { type: 'flag' } } };
export const scheduler: VendorField = { type: 'text' };
export const seed: VendorField = { type: 'whole', min: 1 };
export const settings: VendorField = { type: 'any' };
export const steps: VendorField = { type: 'whole', min: 1, max: 100 };
export const stepsOpen: VendorField = { type: 'whole' };
export const stepsTo50: VendorField = { type: 'whole', min: 1, max: 50 };
const strength: VendorField = { type: 'number', min: 0, max: 1 };
const taskType: VendorField = { type: 'text', oneOf: ['imageInference'], required: true };
export const taskTypeNeeded: VendorField = { type: 'text', oneOf: ['upscale'], required: true };
export const taskTypeNeededOpen: VendorField = { type: 'text', oneOf: ['removeBackground'], required: true };
export const trueCFGScale: VendorField = { type: 'number' };
export const ultralytics: VendorField = { type: 'any' };
export const width: VendorField = { type: 'whole', required: true };
export const widthNeeded: VendorField = { type: 'whole', required: true, min: 128, max: 2048, step: 64 };
export const widthNeededTo2048: VendorField = { type: 'whole', required: true, min: 256, max: 2048, step: 16 };
export const widthOpen: VendorField = { type: 'whole' };
export const widthTo2048: VendorField = { type: 'whole', min: 128, max: 2048, step: 64 };

/** Of every task that makes a picture. */
export const platform: VendorFields = {
  taskUUID: { type: 'text', required: true },
  model: { type: 'text', required: true },
  outputType: { type: 'text', oneOf: ['URL', 'base64Data', 'dataURI'] },
  outputFormat: { type: 'text', oneOf: ['JPG', 'PNG', 'WEBP'] },
  outputQuality: { type: 'whole', min: 20, max: 99 },
  webhookURL: { type: 'text' },
  deliveryMethod: { type: 'text', oneOf: ['sync', 'async'] },
  uploadEndpoint: { type: 'text' },
  ttl: { type: 'whole', min: 60 },
  includeCost: { type: 'flag' },
};
export const imageTask: VendorFields = {
  ...platform,
  taskType,
  numberResults,
  safety,
};
export const videoTask: VendorFields = {
  ...platform,
  taskType: { type: 'text', oneOf: ['videoInference'], required: true },
  outputType: { type: 'text', oneOf: ['URL'] },
  outputFormat: { type: 'text', oneOf: ['MP4', 'WEBM', 'MOV'] },
  deliveryMethod: { type: 'text', oneOf: ['async'] },
  numberResults,
  safety,
};
export const checkpoint: VendorFields = {
  positivePrompt,
  inputs,
  negativePrompt,
  width: widthNeeded,
  height: heightNeeded,
  seed,
  steps,
  scheduler,
  CFGScale: cfgScale,
  strength,
  maskMargin,
  acceleratorOptions,
  outpaint,
  lora,
  ultralytics,
};
export const fluxCheckpoint: VendorFields = {
  promptWeighting,
  controlNet,
  ipAdapters,
  hiresFix,
  trueCFGScale,
};
