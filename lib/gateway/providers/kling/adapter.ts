import type { Adapter } from '../adapter';
import { klingVendor, sandboxKlingKey } from '../sandbox/jobs/kling';
import { createKling } from './kling';

export const kling: Adapter = {
  usualUrl: 'https://api-singapore.klingai.com',
  create: createKling,
  own: new Set(['model', 'model_name', 'external_task_id', 'callback_url']),
  usualParams: {
    prompt: { to: 'prompt', max: 2500 },
    negative_prompt: { to: 'negative_prompt', max: 2500 },
    size: { as: 'ratio', to: 'aspect_ratio', values: ['16:9', '9:16', '1:1'], default: '16:9' },
    duration: { min: 5, max: 10, step: 5, default: 5 },
    image: { to: 'image' },
    end_image: { type: 'image', to: 'image_tail' },
  },
  sandbox: { key: sandboxKlingKey, vendor: klingVendor },
};
