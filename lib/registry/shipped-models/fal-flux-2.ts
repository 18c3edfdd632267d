import * as fal from './fal-rules';
import type { ShippedModel } from './shipped-model';

const { client, readOn } = fal;
const row = { provider: 'fal', fixed: {}, lossy: 'pin', enabled: true } as const;
const pro = { ...fal.checked, size: fal.sides, output_format: fal.jpegOrPng, safety_tolerance: fal.toleranceTo5 };
const flex = { ...pro, steps: fal.stepsTo(50), guidance: { to: 'guidance_scale', min: 1.5, max: 10 } };
const dev = {
  ...fal.open,
  size: { as: 'object', to: 'image_size', min: 512, max: 2048 },
  output_format: fal.jpegPngOrWebp,
  steps: fal.stepsTo(50, 4),
  guidance: { to: 'guidance_scale', min: 0, max: 20 },
  acceleration: fal.acceleration,
};
const devSource = `${client}; ranges: https://fal.ai/models/fal-ai/flux-2-dev/llms.txt, another endpoint of the same model ${readOn}`;

export const falFlux2: readonly ShippedModel[] = [
  { ...row, alias: 'flux-2-dev', providerModel: 'fal-ai/flux-2', price: {}, params: dev, source: devSource },
  {
    ...row,
    alias: 'flux-2-dev-edit',
    providerModel: 'fal-ai/flux-2/edit',
    price: {},
    params: { ...dev, image: fal.images(4) },
    source: `${devSource.slice(0, -readOn.length)}; at most four images, as at Runware ${readOn}`,
  },
  {
    ...row,
    alias: 'flux-2-klein-9b',
    providerModel: 'fal-ai/flux-2/klein/9b',
    price: {},
    params: { ...fal.open, steps: fal.stepsTo(8, 4) },
    source: fal.unread,
  },
  {
    ...row,
    alias: 'flux-2-pro',
    providerModel: 'fal-ai/flux-2-pro',
    price: {},
    params: pro,
    source: `${client}; https://fal.ai/docs/model-api-reference/image-generation-api/flux-2-pro: one image a request ${readOn}`,
  },
  {
    ...row,
    alias: 'flux-2-pro-edit',
    providerModel: 'fal-ai/flux-2-pro/edit',
    price: {},
    params: { ...pro, image: fal.images(8) },
    source: `${client}; how many images it takes was not found, eight is what the model takes elsewhere ${readOn}`,
  },
  {
    ...row,
    alias: 'flux-2-flex',
    providerModel: 'fal-ai/flux-2-flex',
    price: { usd: 0.05, per: 'megapixel' },
    params: flex,
    source: `${client}; price: https://fal.ai/models/fal-ai/flux-2-flex/llms.txt; ranges of steps and guidance: docs.anyfast.ai (the model's own) ${readOn}`,
  },
  {
    ...row,
    alias: 'flux-2-flex-edit',
    providerModel: 'fal-ai/flux-2-flex/edit',
    price: {},
    params: { ...flex, image: fal.images(8) },
    source: `${client}; https://fal.ai/models/fal-ai/flux-2-flex/edit/llms.txt (bills input and output); ranges: docs.anyfast.ai; how many images it takes was not found ${readOn}`,
  },
  {
    ...row,
    alias: 'flux-2-max',
    providerModel: 'fal-ai/flux-2-max',
    price: {},
    params: pro,
    source: `${client} ${readOn}`,
  },
  {
    ...row,
    alias: 'flux-2-max-edit',
    providerModel: 'fal-ai/flux-2-max/edit',
    price: {},
    params: { ...pro, image: fal.images(8) },
    source: `${client}; how many images it takes was not found, eight is what Runware takes ${readOn}`,
  },
];
