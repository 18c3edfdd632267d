import { describe, expect, it } from 'vitest';
import { checkModel } from '@/lib/registry/check-model';
import type { ModelRow } from '@/lib/registry/model-row';
import type { VendorSchema } from '@/lib/registry/vendor-schema';

const schema: VendorSchema = {
  id: 'acme/paint',
  source: 'a test',
  fields: {
    prompt: { type: 'text', required: true, max: 2000 },
    count: { type: 'whole', min: 1, max: 4 },
    steps: { type: 'whole', min: 1, max: 12 },
    scale: { type: 'number', min: 1, max: 20 },
    image_size: {
      type: 'object',
      oneOf: ['square'],
      fields: { width: { type: 'whole', min: 64, max: 2048, step: 64 }, height: { type: 'whole', min: 64, max: 2048 } },
    },
    aspect: { type: 'text', oneOf: ['1:1', '16:9'] },
    format: { type: 'text', oneOf: ['JPG', 'PNG'] },
    image: { type: 'image' },
    images: { type: 'images', max: 4 },
    safety: { type: 'object', fields: { check: { type: 'flag' } } },
    factor: { type: 'whole', oneOf: [2, 4] },
    adapters: { type: 'list', fields: { path: { type: 'text' }, weight: { type: 'number', min: 0, max: 4 } } },
    settings: { type: 'any' },
  },
};

const prompt = { to: 'prompt', max: 2000, required: true };
const row = (params: ModelRow['params'], fixed: ModelRow['fixed'] = {}): ModelRow => ({
  alias: 'paint',
  provider: 'acme',
  providerModel: 'acme/paint',
  params: { prompt, ...params },
  fixed,
});

describe('a model row beside the schema of its vendor', () => {
  it.each<[string, ModelRow['params']]>([
    ['a range within', { steps: { to: 'steps', min: 1, max: 12 }, n: { to: 'count', min: 1, max: 4 } }],
    ['a range exactly', { guidance: { to: 'scale', min: 1, max: 20 } }],
    ['a scale', { strength: { to: 'scale', min: 0, max: 0.95, times: -20, plus: 20 } }],
    ['hundredths', { strength: { to: 'steps', min: 0.01, max: 0.12, step: 0.01, times: 100 } }],
    ['renamed words', { output_format: { to: 'format', values: { jpeg: 'JPG', png: 'PNG' } } }],
    ['a flag in an object', { safety: 'safety.check' }],
    ['one image, and a list', { image: { to: 'images', list: true, most: 4 }, mask: 'image' }],
    ['steps of what is enumerated', { upscale: { to: 'factor', type: 'number', min: 2, max: 4, step: 2 } }],
    ['adapters', { loras: { to: 'adapters', model: 'path', scale: 'weight', min: 0, max: 4 } }],
    ['what is not described', { tone: 'settings.tone' }],
    ['sides', { size: { as: 'object', to: 'image_size', min: 64, max: 2048, step: 64 } }],
    ['ratios', { size: { as: 'ratio', to: 'aspect', values: ['16:9'] } }],
  ])('takes %s', (_, params) => {
    expect(checkModel(row(params), schema)).toEqual([]);
  });

  it.each<[string, ModelRow['params'], string]>([
    ['a field it has not', { seed: 'seed' }, 'params.seed goes to "seed", which acme/paint does not have'],
    ['a field an object has not', { safety: 'safety.mode' }, 'which acme/paint does not have'],
    ['one above', { steps: { to: 'steps', min: 1, max: 13 } }, 'takes nothing above 12 there'],
    ['one below', { steps: { to: 'steps', min: 0, max: 12 } }, 'takes nothing below 1 there'],
    ['no end', { steps: { to: 'steps', min: 1 } }, 'takes nothing above 12 there'],
    ['the wrong scale', { guidance: { to: 'scale', min: 1, max: 20, times: 2 } }, 'takes nothing above 20 there'],
    ['a turned scale', { strength: { to: 'scale', min: 0, max: 1, times: -20, plus: 20 } }, 'nothing below 1'],
    ['parts of a whole number', { quality: { to: 'steps', type: 'number', min: 1, max: 2 } }, 'only whole numbers'],
    [
      'an unknown word',
      { output_format: { to: 'format', values: { webp: 'WEBP' } } },
      'takes only JPG, PNG there, not "WEBP"',
    ],
    ['text for a number', { negative_prompt: 'scale' }, 'takes a number there, no text'],
    ['more images', { image: { to: 'images', list: true, most: 5 } }, 'takes at most 4 images there'],
    ['a list for one image', { image: { to: 'image', list: true } }, 'takes one image there'],
    ['a factor between', { upscale: { to: 'factor', type: 'number', min: 1, max: 4 } }, 'takes only 2, 4 there'],
    ['an adapter under another name', { loras: { to: 'adapters', model: 'url', scale: 'weight' } }, 'has no "url"'],
    ['an adapter that weighs too much', { loras: { to: 'adapters', scale: 'weight' } }, 'takes nothing below 0'],
    ['larger sides', { size: { as: 'object', to: 'image_size', min: 64, max: 4096, step: 64 } }, 'at most 2048'],
    ['uneven sides', { size: { as: 'object', to: 'image_size', min: 64, max: 2048, step: 8 } }, 'multiples of 64'],
    ['another ratio', { size: { as: 'ratio', to: 'aspect', values: ['4:3'] } }, 'says 4:3 at "aspect"'],
  ])('names %s', (_, params, words) => {
    const faults = checkModel(row(params), schema);
    expect(faults[0]).toMatch(/^paint at acme: params\./);
    expect(faults[0]).toContain(words);
  });

  it('wants what is required, whatever the caller leaves out', () => {
    const params = { prompt: { to: 'prompt', max: 2000, required: false } };
    expect(checkModel({ ...row({}), params }, schema)).toEqual([
      'paint at acme: acme/paint requires "prompt", which nothing here always sends',
    ]);
    expect(checkModel({ ...row({}), params, fixed: { prompt: 'a cat' } }, schema)).toEqual([]);
  });

  it('looks at what is always sent', () => {
    expect(checkModel(row({}, { format: 'JPG', safety: { check: true } }), schema)).toEqual([]);
    expect(checkModel(row({}, { format: 'GIF' }), schema)).toEqual([
      'paint at acme: fixed.format is "GIF", and acme/paint takes only JPG, PNG there',
    ]);
    expect(checkModel(row({}, { safety: { mode: 'full' } }), schema)).toEqual([
      'paint at acme: fixed.safety.mode is not a field of acme/paint',
    ]);
  });

  it('counts the sizes where only some are made', () => {
    const few = { ...schema, sizes: ['1024x1024', '1536x1024', '1024x1536'] };
    const rule = { as: 'object', to: 'image_size', min: 1024, max: 1536, step: 512 };
    expect(checkModel(row({ size: { ...rule, most: 1.6 } }), few)).toEqual([]);
    expect(checkModel(row({ size: rule }), few)).toEqual([
      'paint at acme: params.size lets 1536x1536 through, and acme/paint makes only 1024x1024, 1536x1024, 1024x1536',
    ]);
  });
});
