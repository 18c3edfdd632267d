import type { VendorFields, VendorSchema } from '@/lib/registry/vendor-schema';

const source = 'https://platform.openai.com/docs/api-reference/images (2026-11-29)';

const gpt: VendorFields = {
  model: { type: 'text', required: true },
  prompt: { type: 'text', required: true, max: 32_000 },
  n: { type: 'whole', min: 1, max: 10 },
  size: { type: 'text', oneOf: ['auto', '1024x1024', '1536x1024', '1024x1536'] },
  quality: { type: 'text', oneOf: ['auto', 'low', 'medium', 'high'] },
  background: { type: 'text', oneOf: ['auto', 'transparent', 'opaque'] },
  output_format: { type: 'text', oneOf: ['png', 'jpeg', 'webp'] },
  output_compression: { type: 'whole', min: 0, max: 100 },
  moderation: { type: 'text', oneOf: ['auto', 'low'] },
  user: { type: 'text' },
};

const dallE3: VendorFields = {
  model: { type: 'text', required: true },
  prompt: { type: 'text', required: true, max: 4000 },
  n: { type: 'whole', min: 1, max: 1 },
  size: { type: 'text', oneOf: ['1024x1024', '1792x1024', '1024x1792'] },
  quality: { type: 'text', oneOf: ['standard', 'hd'] },
  style: { type: 'text', oneOf: ['vivid', 'natural'] },
  response_format: { type: 'text', oneOf: ['url', 'b64_json'] },
  user: { type: 'text' },
};

/** Models of OpenAI's image API; the first answers with bytes alone, the second with addresses unless it is asked not to. */
export const openaiSchemas: ReadonlyMap<string, VendorSchema> = new Map([
  ['gpt-image-1', { id: 'gpt-image-1', fields: gpt, source }],
  ['dall-e-3', { id: 'dall-e-3', fields: dallE3, source }],
]);
