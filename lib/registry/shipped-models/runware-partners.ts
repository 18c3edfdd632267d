import * as runware from './runware-rules';
import * as sizes from './runware-sizes';
import type { ShippedModel } from './shipped-model';

const { row, task } = runware;
const only = (side: number) => runware.sides(side, side, 1);
const seedream = { ...task, prompt: runware.promptTo(2000), seed: runware.seed, size: runware.sizes(sizes.seedream) };
// From the fewest pixels that it makes, as a square.
const seedream45 = { ...seedream, size: runware.sides(1920, 4096, 1) };
const banana = { ...task, prompt: runware.promptTo(3000) };
const bananaPro = {
  ...task,
  prompt: runware.promptTo(45000),
  seed: runware.seed,
  size: runware.sizes(sizes.nanoBananaPro),
};
const ideogram = { ...task, prompt: runware.promptTo(2000), size: runware.sizes(sizes.ideogram3) };
const negative = { negative_prompt: { to: 'negativePrompt', max: 2000 } };
const gpt = {
  ...task,
  prompt: runware.promptTo(32000),
  size: runware.sizes(sizes.gptImage),
  quality: {
    to: 'providerSettings.openai.quality',
    type: 'choice',
    values: ['low', 'medium', 'high'],
    default: 'high',
  },
  background: {
    to: 'providerSettings.openai.background',
    type: 'choice',
    values: ['auto', 'transparent', 'opaque'],
  },
  output_format: { ...runware.formats, default: 'png' },
};
const bytedance = runware.fromProvider('bytedance');
const google = runware.fromProvider('google');
const ideogramSource = runware.fromProvider('ideogram');
const openai = runware.fromProvider('openai');

export const runwarePartners: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'seedream-4',
    providerModel: 'bytedance:5@0',
    params: { ...seedream, image: runware.images(14) },
    source: bytedance,
  },
  {
    ...row,
    alias: 'seedream-4-edit',
    providerModel: 'bytedance:5@0',
    params: { ...seedream, image: runware.images(14, true) },
    source: bytedance,
  },
  {
    ...row,
    alias: 'seedream-4.5',
    providerModel: 'bytedance:seedream@4.5',
    params: { ...seedream45, image: runware.images(14) },
    source: bytedance,
  },
  {
    ...row,
    alias: 'seedream-4.5-edit',
    providerModel: 'bytedance:seedream@4.5',
    params: { ...seedream45, image: runware.images(14, true) },
    source: bytedance,
  },
  {
    ...row,
    alias: 'nano-banana',
    providerModel: 'google:4@1',
    params: { ...banana, size: runware.sizes(sizes.nanoBanana) },
    source: google,
  },
  {
    ...row,
    alias: 'nano-banana-edit',
    providerModel: 'google:4@1',
    params: { ...banana, image: runware.images(8, true) },
    source: `${google}; sides are not heeded beside an image`,
  },
  {
    ...row,
    alias: 'nano-banana-pro',
    providerModel: 'google:4@2',
    params: bananaPro,
    source: google,
  },
  {
    ...row,
    alias: 'nano-banana-pro-edit',
    providerModel: 'google:4@2',
    params: { ...bananaPro, image: runware.images(14, true) },
    source: google,
  },
  {
    ...row,
    alias: 'imagen-4',
    providerModel: 'google:2@1',
    params: { ...banana, size: only(1024) },
    enabled: false,
    source:
      'Off: https://runware.ai/docs/en/providers/google named it in October 2025; the catalogue of July 2026 (Runware/runware-python@6d4a442) has it no more, and its fields could not be confirmed (2026-11-29)',
  },
  {
    ...row,
    alias: 'ideogram-v2',
    providerModel: 'ideogram:3@1',
    params: { ...ideogram, ...negative, size: runware.sizes(sizes.ideogram2) },
    source: ideogramSource,
  },
  {
    ...row,
    alias: 'ideogram-v2a',
    providerModel: 'ideogram:2@1',
    params: { ...ideogram, size: runware.sizes(sizes.ideogram2a) },
    source: ideogramSource,
  },
  {
    ...row,
    alias: 'ideogram-v3',
    providerModel: 'ideogram:4@1',
    params: { ...ideogram, ...negative, seed: runware.seed },
    source: ideogramSource,
  },
  {
    ...row,
    alias: 'ideogram-v3-remix',
    providerModel: 'ideogram:4@2',
    params: {
      ...ideogram,
      ...negative,
      image: runware.images(1, true),
      // Theirs is a whole number of hundredths.
      strength: {
        to: 'providerSettings.ideogram.remixStrength',
        min: 0.01,
        max: 1,
        step: 0.01,
        times: 100,
        default: 0.2,
      },
    },
    source: ideogramSource,
  },
  {
    ...row,
    alias: 'ideogram-v3-edit',
    providerModel: 'ideogram:4@3',
    params: {
      ...task,
      prompt: runware.promptTo(2000),
      image: runware.seedImage(true),
      mask: runware.mask(true),
    },
    source: ideogramSource,
  },
  {
    ...row,
    alias: 'recraft-v4',
    providerModel: 'recraft:v4@0',
    params: { ...task, prompt: runware.promptTo(3000), size: only(1024) },
    enabled: false,
    source: runware.readAt('Off: the sizes it makes and its ranges could not be confirmed'),
  },
  {
    ...row,
    alias: 'recraft-v4-pro',
    providerModel: 'recraft:v4-pro@0',
    params: { ...task, prompt: runware.promptTo(3000), size: only(2048) },
    enabled: false,
    source: runware.readAt('Off: the sizes it makes could not be confirmed, and it will not do without'),
  },
  {
    ...row,
    alias: 'openai-gpt-image-1',
    providerModel: 'openai:1@1',
    params: { ...gpt, image: runware.images(16) },
    source: openai,
  },
  {
    ...row,
    alias: 'openai-gpt-image-1.5',
    providerModel: 'openai:4@1',
    params: { ...gpt, image: runware.images(16) },
    source: openai,
  },
  {
    ...row,
    alias: 'openai-gpt-image-1.5-edit',
    providerModel: 'openai:4@1',
    params: { ...gpt, image: runware.images(16, true) },
    source: openai,
  },
  {
    ...row,
    alias: 'bria-fibo',
    providerModel: 'bria:20@1',
    params: {
      ...task,
      prompt: runware.promptTo(3000),
      size: only(1024),
      seed: runware.seed,
      negative_prompt: 'negativePrompt',
    },
    enabled: false,
    source: runware.readAt('Off: the sizes it makes and the range of its steps could not be confirmed'),
  },
];
