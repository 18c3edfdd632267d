import * as fal from './fal-rules';
import type { ShippedModel } from './shipped-model';

const { client, readOn } = fal;
const { row } = fal;
const docs = 'https://fal.ai/docs/model-api-reference/image-generation-api';
const seedream = { ...fal.checked, n: fal.upTo(6), size: fal.sides };
const seedream45 = { ...seedream, size: { as: 'object', to: 'image_size', min: 1920, max: 4096 } };
const googleRatio = fal.ratio('1:1', '21:9', '16:9', '3:2', '4:3', '5:4', '4:5', '3:4', '2:3', '9:16');
const google = { ...fal.partner, n: fal.upTo(4), output_format: fal.jpegPngOrWebp, safety_tolerance: fal.tolerance };
const resolution = { type: 'choice', values: ['1K', '2K', '4K'] };

export const falPartners: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'seedream-4',
    providerModel: 'fal-ai/bytedance/seedream/v4/text-to-image',
    params: seedream,
    source: `${client}; ranges: ${docs}/bytedance-seedream-v4 ${readOn}`,
  },
  {
    ...row,
    alias: 'seedream-4-edit',
    providerModel: 'fal-ai/bytedance/seedream/v4/edit',
    params: { ...seedream, image: fal.images(10) },
    source: `${client}; ranges: ${docs}/bytedance-seedream-v4 ${readOn}`,
  },
  {
    ...row,
    alias: 'seedream-4.5',
    providerModel: 'fal-ai/bytedance/seedream/v4.5/text-to-image',
    price: { usd: 0.04, per: 'image' },
    params: seedream45,
    source: `${client}; ranges: ${docs}/bytedance-seedream-v4.5; price: infr.sh/api/v/seedream-4.5 ${readOn}`,
  },
  {
    ...row,
    alias: 'seedream-4.5-edit',
    providerModel: 'fal-ai/bytedance/seedream/v4.5/edit',
    price: { usd: 0.04, per: 'image' },
    params: { ...seedream45, image: fal.images(10) },
    source: `${client}; ranges: ${docs}/bytedance-seedream-v4.5; price: infr.sh/api/v/seedream-4.5 ${readOn}`,
  },
  {
    ...row,
    alias: 'nano-banana',
    providerModel: 'fal-ai/nano-banana',
    params: { ...google, size: googleRatio },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'nano-banana-edit',
    providerModel: 'fal-ai/nano-banana/edit',
    params: { ...google, image: fal.images(8) },
    source: `${client}; ranges not found; the picture keeps its own ratio, as at Runware, which takes eight images ${readOn}`,
  },
  {
    ...row,
    alias: 'nano-banana-pro',
    providerModel: 'fal-ai/nano-banana-pro',
    params: { ...google, size: googleRatio, resolution },
    source: `${client}; ranges: ${docs}/nano-banana-pro ${readOn}`,
  },
  {
    ...row,
    alias: 'nano-banana-pro-edit',
    providerModel: 'fal-ai/nano-banana-pro/edit',
    params: { ...google, size: googleRatio, resolution, image: fal.images(14) },
    source: `${client}; ranges as of nano-banana-pro; Runware takes fourteen images ${readOn}`,
  },
  {
    ...row,
    alias: 'imagen-4',
    providerModel: 'fal-ai/imagen4/preview',
    params: {
      ...google,
      size: fal.ratio('1:1', '16:9', '9:16', '4:3', '3:4'),
      resolution: { type: 'choice', values: ['1K', '2K'] },
    },
    source: fal.unread,
  },
];
