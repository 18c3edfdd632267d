import type { VendorField } from '@/lib/registry/vendor-schema';

/** What several of FAL's inputs have, word for word. */

export const acceleration: VendorField = { type: 'text', oneOf: ['none', 'regular', 'high'] };
export const aspectRatio: VendorField = {
  type: 'text',
  oneOf: ['auto', '21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16'],
};
export const aspectRatioOf11: VendorField = {
  type: 'text',
  oneOf: ['10:16', '16:10', '9:16', '16:9', '4:3', '3:4', '1:1', '1:3', '3:1', '3:2', '2:3'],
};
export const aspectRatioOf9: VendorField = {
  type: 'text',
  oneOf: ['21:9', '16:9', '4:3', '3:2', '1:1', '2:3', '3:4', '9:16', '9:21'],
};
export const background: VendorField = { type: 'text', oneOf: ['auto', 'transparent', 'opaque'] };
export const backgroundColor: VendorField = { type: 'any' };
export const colorPalette: VendorField = { type: 'any' };
export const colors: VendorField = { type: 'list' };
export const enablePromptExpansion: VendorField = { type: 'flag' };
export const enableSafetyChecker: VendorField = { type: 'flag' };
export const enableWebSearch: VendorField = { type: 'flag' };
export const enhancePrompt: VendorField = { type: 'flag' };
export const enhancePromptMode: VendorField = { type: 'text', oneOf: ['standard', 'fast'] };
export const expandPrompt: VendorField = { type: 'flag' };
export const guidanceScale: VendorField = { type: 'number' };
export const guidanceScaleTo20: VendorField = { type: 'number', min: 1, max: 20 };
export const imageSize: VendorField = {
  type: 'object',
  oneOf: ['square_hd', 'square', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'],
  fields: { width: { type: 'whole', min: 1, max: 14142 }, height: { type: 'whole', min: 1, max: 14142 } },
};
export const imageSizeOf3: VendorField = { type: 'text', oneOf: ['1024x1024', '1536x1024', '1024x1536'] };
export const imageSizeOf8: VendorField = {
  type: 'object',
  oneOf: [
    'square_hd',
    'square',
    'portrait_4_3',
    'portrait_16_9',
    'landscape_4_3',
    'landscape_16_9',
    'auto_2K',
    'auto_4K',
  ],
  fields: { width: { type: 'whole', min: 1920, max: 4096 }, height: { type: 'whole', min: 1920, max: 4096 } },
};
export const imageSizeOrAuto: VendorField = {
  type: 'object',
  oneOf: ['auto', 'square_hd', 'square', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'],
  fields: { width: { type: 'whole', min: 1, max: 14142 }, height: { type: 'whole', min: 1, max: 14142 } },
};
export const imageSizeOrAutoAny: VendorField = {
  type: 'object',
  oneOf: [
    'square_hd',
    'square',
    'portrait_4_3',
    'portrait_16_9',
    'landscape_4_3',
    'landscape_16_9',
    'auto',
    'auto_2K',
    'auto_4K',
  ],
  fields: { width: { type: 'whole', min: 1, max: 14142 }, height: { type: 'whole', min: 1, max: 14142 } },
};
export const imageUrl: VendorField = { type: 'image', required: true };
export const imageUrlOpen: VendorField = { type: 'image' };
export const imageUrls: VendorField = { type: 'images', required: true };
export const imageUrlsNeeded: VendorField = { type: 'images', required: true, max: 10 };
export const imageUrlsOpen: VendorField = { type: 'images' };
export const limitGenerations: VendorField = { type: 'flag' };
export const loras: VendorField = {
  type: 'list',
  fields: { path: { type: 'text', required: true }, scale: { type: 'number' } },
};
export const maskUrl: VendorField = { type: 'image', required: true };
export const maxImages: VendorField = { type: 'whole', min: 1, max: 6 };
export const negativePrompt: VendorField = { type: 'text' };
export const numImages: VendorField = { type: 'whole' };
export const numImagesTo4: VendorField = { type: 'whole', min: 1, max: 4 };
export const numImagesTo6: VendorField = { type: 'whole', min: 1, max: 6 };
export const numInferenceSteps: VendorField = { type: 'whole' };
export const numInferenceStepsTo50: VendorField = { type: 'whole', min: 1, max: 50 };
export const outputFormat: VendorField = { type: 'text', oneOf: ['jpeg', 'png'] };
export const outputFormatWithWebp: VendorField = { type: 'text', oneOf: ['jpeg', 'png', 'webp'] };
export const prompt: VendorField = { type: 'text', required: true };
export const promptOpen: VendorField = { type: 'text' };
export const quality: VendorField = { type: 'text', oneOf: ['low', 'medium', 'high'] };
export const renderingSpeed: VendorField = { type: 'text', oneOf: ['TURBO', 'BALANCED', 'QUALITY'] };
export const resolution: VendorField = { type: 'text', oneOf: ['1K', '2K', '4K'] };
export const safetyTolerance: VendorField = { type: 'text', oneOf: ['1', '2', '3', '4', '5', '6'] };
export const safetyToleranceOf5: VendorField = { type: 'text', oneOf: ['1', '2', '3', '4', '5'] };
export const seed: VendorField = { type: 'whole' };
export const style: VendorField = {
  type: 'text',
  oneOf: ['auto', 'general', 'realistic', 'design', 'render_3D', 'anime'],
};
export const styleCodes: VendorField = { type: 'list' };
export const styleOf4: VendorField = { type: 'text', oneOf: ['AUTO', 'GENERAL', 'REALISTIC', 'DESIGN'] };
export const stylePreset: VendorField = { type: 'text' };
export const syncMode: VendorField = { type: 'flag' };
