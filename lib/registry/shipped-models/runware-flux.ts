import * as runware from './runware-rules';
import { kontext, kontextDev, ultra } from './runware-sizes';
import type { ShippedModel } from './shipped-model';

// Every answer carries its cost, so no price list is needed.
const { row } = runware;
const partner = { ...runware.task, prompt: runware.promptTo(3000), seed: runware.seed };
const bfl = { ...partner, enhance_prompt: runware.enhancePrompt, safety_tolerance: runware.tolerance };
const flux2 = { ...bfl, prompt: runware.promptTo(32000), size: runware.sides(256, 2048, 16) };
const flux2Dev = {
  ...runware.open,
  prompt: runware.promptTo(32000),
  negative_prompt: 'negativePrompt',
  size: runware.sides(512, 2048, 16),
  steps: runware.stepsTo(50),
  guidance: runware.guidanceTo(20, 1),
};
const flex = { ...flux2, steps: runware.stepsTo(50), guidance: runware.guidanceTo(20, 1) };
const bflSource = runware.fromProvider('bfl');

export const runwareFlux: readonly ShippedModel[] = [
  { ...row, alias: 'flux-schnell', providerModel: 'runware:100@1', params: runware.seeded, source: runware.openSource },
  { ...row, alias: 'flux-dev', providerModel: 'runware:101@1', params: runware.seeded, source: runware.openSource },
  {
    ...row,
    alias: 'flux-dev-image-to-image',
    providerModel: 'runware:101@1',
    params: { ...runware.seeded, image: runware.seedImage(true), strength: { ...runware.strength, default: 0.95 } },
    source: runware.openSource,
  },
  { ...row, alias: 'flux-lora', providerModel: 'runware:101@1', params: runware.seeded, source: runware.openSource },
  { ...row, alias: 'flux-krea', providerModel: 'runware:107@1', params: runware.seeded, source: runware.openSource },
  {
    ...row,
    alias: 'flux-1.1-pro',
    providerModel: 'bfl:2@1',
    params: { ...bfl, size: runware.sides(256, 1440, 32) },
    source: `${bflSource}; BFL itself wants multiples of 32`,
  },
  {
    ...row,
    alias: 'flux-1.1-pro-ultra',
    providerModel: 'bfl:2@2',
    params: { ...bfl, size: runware.sizes(ultra), raw: { to: 'providerSettings.bfl.raw', type: 'flag' } },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-kontext-pro',
    providerModel: 'bfl:3@1',
    params: { ...bfl, size: runware.sizes(kontext), image: runware.images(2) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-kontext-max',
    providerModel: 'bfl:4@1',
    params: { ...bfl, size: runware.sizes(kontext), image: runware.images(2) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-kontext-dev',
    providerModel: 'runware:106@1',
    params: { ...runware.open, size: runware.sizes(kontextDev), image: runware.images(2) },
    source: `${runware.openSource}; https://runware.ai/docs/models/flux-1-kontext-dev.md`,
  },
  {
    ...row,
    alias: 'flux-fill-pro',
    providerModel: 'bfl:1@2',
    params: {
      ...bfl,
      image: runware.seedImage(true),
      mask: runware.mask(true),
      steps: runware.stepsTo(50, 15),
      guidance: runware.guidanceTo(100, 1.5),
    },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-dev',
    providerModel: 'runware:400@1',
    params: { ...flux2Dev, image: runware.images(4) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-dev-edit',
    providerModel: 'runware:400@1',
    params: { ...flux2Dev, image: runware.images(4, true) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-klein-9b',
    providerModel: 'runware:400@2',
    params: { ...flux2Dev, image: runware.images(4) },
    source: runware.readAt('ranges not found, ours are those of FLUX.2 [dev]'),
  },
  {
    ...row,
    alias: 'flux-2-pro',
    providerModel: 'bfl:5@1',
    params: { ...flux2, image: runware.images(9) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-pro-edit',
    providerModel: 'bfl:5@1',
    params: { ...flux2, image: runware.images(9, true) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-flex',
    providerModel: 'bfl:6@1',
    params: { ...flex, image: runware.images(10) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-flex-edit',
    providerModel: 'bfl:6@1',
    params: { ...flex, image: runware.images(10, true) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-max',
    providerModel: 'bfl:7@1',
    params: { ...flux2, image: runware.images(8) },
    source: bflSource,
  },
  {
    ...row,
    alias: 'flux-2-max-edit',
    providerModel: 'bfl:7@1',
    params: { ...flux2, image: runware.images(8, true) },
    source: bflSource,
  },
];
