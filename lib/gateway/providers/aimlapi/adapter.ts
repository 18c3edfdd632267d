import type { Adapter } from '../adapter';
import { aimlapiVendor } from '../sandbox/jobs/aimlapi';
import { createAimlapi } from './aimlapi';

export const aimlapi: Adapter = {
  usualUrl: 'https://api.aimlapi.com',
  create: createAimlapi,
  own: new Set(['model', 'provider']),
  usualParams: {
    prompt: { to: 'prompt', required: true },
    negative_prompt: 'negative_prompt',
    size: { as: 'ratio', to: 'aspect_ratio', values: ['16:9', '9:16', '1:1'], default: '16:9' },
    duration: { min: 5, max: 10, step: 5, default: 5 },
  },
  sandbox: { key: 'sandbox-aimlapi', vendor: aimlapiVendor },
};
