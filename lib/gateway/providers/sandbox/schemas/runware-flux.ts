import { kontext, kontextDev, ultra } from '@/lib/registry/shipped-models/runware-sizes';
import type { VendorSchema } from '@/lib/registry/vendor-schema';
import {
  acceleratorOptions,
  cfgScale,
  checkpoint,
  fluxCheckpoint,
  height,
  heightOpen,
  imageTask,
  inputsNeededSeeded,
  inputsReferring2,
  ipAdapters,
  layerDiffuse,
  lora,
  negativePrompt,
  positivePrompt,
  providerSettingsOfbfl,
  pulid,
  scheduler,
  seed,
  steps,
  trueCFGScale,
  ultralytics,
  width,
  widthOpen,
} from './runware-fields';

export const runwareFluxSchemas: readonly VendorSchema[] = [
  {
    id: 'runware:100@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      ...fluxCheckpoint,
    },
  },
  {
    id: 'runware:101@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      ...fluxCheckpoint,
      layerDiffuse,
      pulid,
    },
  },
  {
    id: 'runware:107@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      ...fluxCheckpoint,
      layerDiffuse,
      pulid,
    },
  },
  {
    id: 'runware:106@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/models/flux-1-kontext-dev.md; https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    sizes: kontextDev,
    fields: {
      ...imageTask,
      positivePrompt,
      inputs: inputsReferring2,
      negativePrompt,
      width: widthOpen,
      height: heightOpen,
      seed,
      steps,
      scheduler,
      CFGScale: cfgScale,
      acceleratorOptions,
      lora,
      ipAdapters,
      trueCFGScale,
      ultralytics,
    },
  },
  {
    id: 'bfl:2@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/bfl (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt,
      width: { type: 'whole', required: true, min: 256, max: 1440 },
      height: { type: 'whole', required: true, min: 256, max: 1440 },
      seed,
      providerSettings: providerSettingsOfbfl,
    },
  },
  {
    id: 'bfl:2@2',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/bfl (2026-11-29)',
    sizes: ultra,
    fields: {
      ...imageTask,
      positivePrompt,
      width,
      height,
      seed,
      providerSettings: {
        type: 'object',
        fields: {
          bfl: {
            type: 'object',
            fields: {
              promptUpsampling: { type: 'flag' },
              safetyTolerance: { type: 'whole', min: 0, max: 6 },
              raw: { type: 'flag' },
            },
          },
        },
      },
    },
  },
  {
    id: 'bfl:3@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/bfl (2026-11-29)',
    sizes: kontext,
    fields: {
      ...imageTask,
      positivePrompt,
      inputs: inputsReferring2,
      width,
      height,
      seed,
      providerSettings: providerSettingsOfbfl,
    },
  },
  {
    id: 'bfl:4@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/bfl (2026-11-29)',
    sizes: kontext,
    fields: {
      ...imageTask,
      positivePrompt,
      inputs: inputsReferring2,
      width,
      height,
      seed,
      providerSettings: providerSettingsOfbfl,
    },
  },
  {
    id: 'bfl:1@2',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/bfl (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt,
      inputs: inputsNeededSeeded,
      seed,
      steps: { type: 'whole', min: 15, max: 50 },
      CFGScale: { type: 'number', min: 1.5, max: 100 },
      providerSettings: providerSettingsOfbfl,
    },
  },
];
