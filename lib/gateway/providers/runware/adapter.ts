import type { Adapter } from '../adapter';
import { runwareVendor } from '../sandbox/runware';
import { createRunware } from './runware';

export const runware: Adapter = {
  usualUrl: 'https://api.runware.ai',
  create: createRunware,
  own: new Set([
    'taskType',
    'taskUUID',
    'model',
    'includeCost',
    'deliveryMethod',
    'outputType',
    'numberResults',
    'ttl',
  ]),
  usualParams: {
    prompt: { to: 'positivePrompt', required: true },
    n: { to: 'numberResults', min: 1, max: 20 },
    size: { as: 'sides', width: 'width', height: 'height', min: 128, max: 2048, step: 64 },
    negative_prompt: 'negativePrompt',
    seed: { to: 'seed', min: 1, max: 4294967295 },
    steps: { to: 'steps', min: 1, max: 100 },
    guidance: { to: 'CFGScale', min: 0, max: 50 },
    output_format: { to: 'outputFormat', values: { jpeg: 'JPG', png: 'PNG', webp: 'WEBP' }, default: 'jpeg' },
  },
  sandbox: { key: 'sandbox', vendor: runwareVendor },
};
