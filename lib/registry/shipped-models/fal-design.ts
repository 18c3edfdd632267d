import * as fal from './fal-rules';
import type { ShippedModel } from './shipped-model';

const { client, readOn } = fal;
const { row } = fal;
const docs = 'https://fal.ai/docs/model-api-reference/image-generation-api';
const ideogramRatio = fal.ratio('1:1', '10:16', '16:10', '9:16', '16:9', '4:3', '3:4', '1:3', '3:1', '3:2', '2:3');
const style = { type: 'choice', values: ['auto', 'general', 'realistic', 'design', 'render_3D', 'anime'] };
const ideogram = { ...fal.partner, size: ideogramRatio, style, expand_prompt: { type: 'flag' } };
const ideogram3 = {
  ...fal.partner,
  n: fal.upTo(8),
  rendering_speed: { type: 'choice', values: { turbo: 'TURBO', balanced: 'BALANCED', quality: 'QUALITY' } },
  expand_prompt: { type: 'flag' },
};
const styled = { style: { type: 'choice', values: ['AUTO', 'GENERAL', 'REALISTIC', 'DESIGN'] } };
// Under names of their own: clients of OpenAI's that say `gpt-image-1` go on getting the usual model.
const gpt = {
  prompt: { to: 'prompt', required: true },
  n: fal.upTo(4),
  size: {
    as: 'names',
    to: 'image_size',
    values: { '1024x1024': '1024x1024', '1536x1024': '1536x1024', '1024x1536': '1024x1536' },
  },
  quality: { type: 'choice', values: ['low', 'medium', 'high'], default: 'high' },
  background: { type: 'choice', values: ['auto', 'transparent', 'opaque'] },
  output_format: { to: 'output_format', values: ['jpeg', 'png', 'webp'], default: 'png' },
};
const { seed: _, ...recraft } = { ...fal.checked, size: fal.sides };

export const falDesign: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'ideogram-v2',
    providerModel: 'fal-ai/ideogram/v2',
    params: { ...ideogram, negative_prompt: 'negative_prompt' },
    source: `${client}; ${docs}/ideogram-v2: one image a request ${readOn}`,
  },
  {
    ...row,
    alias: 'ideogram-v2a',
    providerModel: 'fal-ai/ideogram/v2a',
    params: ideogram,
    source: `${client} ${readOn}`,
  },
  {
    ...row,
    alias: 'ideogram-v3',
    providerModel: 'fal-ai/ideogram/v3',
    params: { ...ideogram3, ...styled, size: fal.sides, negative_prompt: 'negative_prompt' },
    source: `${client}; ranges: ${docs}/ideogram-v3 ${readOn}`,
  },
  {
    ...row,
    alias: 'ideogram-v3-remix',
    providerModel: 'fal-ai/ideogram/v3/remix',
    params: {
      ...ideogram3,
      ...styled,
      size: fal.sides,
      negative_prompt: 'negative_prompt',
      image: fal.oneImage,
      // Theirs says how much of the input image stays.
      strength: { to: 'strength', min: 0.01, max: 0.99, times: -1, plus: 1, default: 0.2 },
    },
    source: `${client} ("strength of the input image in the remix"); ranges as of ideogram/v3 ${readOn}`,
  },
  {
    ...row,
    alias: 'ideogram-v3-edit',
    providerModel: 'fal-ai/ideogram/v3/edit',
    params: { ...ideogram3, image: fal.oneImage, mask: fal.mask },
    source: `${client}; ranges as of ideogram/v3 ${readOn}`,
  },
  {
    ...row,
    alias: 'recraft-v4',
    providerModel: 'fal-ai/recraft/v4/text-to-image',
    params: recraft,
    source: `${client}: one image a request ${readOn}`,
  },
  {
    ...row,
    alias: 'recraft-v4-pro',
    providerModel: 'fal-ai/recraft/v4/pro/text-to-image',
    params: recraft,
    source: `${client}: one image a request ${readOn}`,
  },
  {
    ...row,
    alias: 'openai-gpt-image-1',
    providerModel: 'fal-ai/gpt-image-1/text-to-image',
    params: gpt,
    source: fal.unread,
  },
  {
    ...row,
    alias: 'openai-gpt-image-1.5',
    providerModel: 'fal-ai/gpt-image-1.5',
    params: gpt,
    source: fal.unread,
  },
  {
    ...row,
    alias: 'openai-gpt-image-1.5-edit',
    providerModel: 'fal-ai/gpt-image-1.5/edit',
    params: { ...gpt, image: fal.images(16) },
    source: `${client}; ranges not found; OpenAI and Runware take sixteen images ${readOn}`,
  },
  {
    ...row,
    alias: 'bria-fibo',
    providerModel: 'bria/fibo/generate',
    params: {
      prompt: { to: 'prompt', required: true },
      size: fal.ratio('1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9'),
      seed: { to: 'seed', min: 0, max: 4294967295 },
      steps: { to: 'steps_num', min: 35, max: 50 },
      negative_prompt: 'negative_prompt',
    },
    source: `${client}; ranges not found ${readOn}`,
  },
];
