import type { Adapter } from '../adapter';
import { openaiVendor } from '../sandbox/openai';
import { createOpenai } from './openai';

/** Anything OpenAI-shaped, OpenAI itself included. */
export const openai: Adapter = {
  usualUrl: 'https://api.openai.com',
  create: createOpenai,
  own: new Set(['model', 'stream', 'partial_images', 'response_format', 'n', 'user', 'image', 'mask']),
  usualParams: {
    prompt: { to: 'prompt', required: true, max: 32000 },
    n: { to: 'n', min: 1, max: 10 },
    size: {
      as: 'names',
      to: 'size',
      values: { '1024x1024': '1024x1024', '1536x1024': '1536x1024', '1024x1536': '1024x1536' },
    },
    quality: { type: 'choice', values: ['low', 'medium', 'high', 'auto'] },
    background: { type: 'choice', values: ['transparent', 'opaque', 'auto'] },
    output_format: { to: 'output_format', values: ['png', 'jpeg', 'webp'] },
    output_compression: { type: 'whole', min: 0, max: 100 },
    moderation: { type: 'choice', values: ['low', 'auto'] },
    image: { to: 'image', list: true, most: 16 },
    mask: { to: 'mask' },
  },
  sandbox: { key: 'sandbox-openai', vendor: openaiVendor },
};
