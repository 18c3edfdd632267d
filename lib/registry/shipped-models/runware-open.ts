import * as runware from './runware-rules';
import type { ShippedModel } from './shipped-model';

const { row } = runware;
const source = runware.openSource;

export const runwareOpen: readonly ShippedModel[] = [
  { ...row, alias: 'qwen-image', providerModel: 'runware:108@1', params: runware.seeded, source },
  { ...row, alias: 'qwen-image-2512', providerModel: 'alibaba:qwen-image@2512', params: runware.seeded, source },
  {
    ...row,
    alias: 'qwen-image-edit',
    providerModel: 'runware:108@20',
    params: { ...runware.open, image: runware.images(1, true) },
    source: `${source}; one image, as at FAL`,
  },
  {
    ...row,
    alias: 'qwen-image-edit-plus',
    providerModel: 'runware:108@22',
    params: { ...runware.open, image: runware.images(3, true) },
    source: `${source}; three images, as at FAL`,
  },
  { ...row, alias: 'sdxl', providerModel: 'civitai:101055@128078', params: runware.seeded, source },
  { ...row, alias: 'stable-diffusion-3-medium', providerModel: 'runware:5@1', params: runware.seeded, source },
  { ...row, alias: 'hidream-i1-full', providerModel: 'runware:97@1', params: runware.open, source },
  { ...row, alias: 'hidream-i1-dev', providerModel: 'runware:97@2', params: runware.open, source },
  { ...row, alias: 'hidream-i1-fast', providerModel: 'runware:97@3', params: runware.open, source },
  { ...row, alias: 'z-image-turbo', providerModel: 'runware:z-image@turbo', params: runware.seeded, source },
  { ...row, alias: 'z-image', providerModel: 'runware:z-image@0', params: runware.seeded, source },
];
