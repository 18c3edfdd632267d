import {
  gptImage,
  ideogram2,
  ideogram2a,
  ideogram3,
  nanoBanana,
  nanoBananaPro,
  seedream,
} from '@/lib/registry/shipped-models/runware-sizes';
import type { VendorSchema } from '@/lib/registry/vendor-schema';
import {
  height,
  heightOpen,
  imageTask,
  inputsNeededSeeded,
  inputsReferring8,
  inputsReferring14,
  inputsReferring16,
  negativePromptOpen,
  negativePromptTo2000,
  positivePrompt,
  positivePromptNeeded,
  positivePromptNeededOpen,
  positivePromptNeededTo32000,
  providerSettings,
  providerSettingsOfopenai,
  seed,
  settings,
  stepsOpen,
  width,
  widthOpen,
} from './runware-fields';

export const runwarePartnersSchemas: readonly VendorSchema[] = [
  {
    id: 'bytedance:5@0',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/bytedance (2026-11-29)',
    sizes: seedream,
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeeded,
      inputs: inputsReferring14,
      width: widthOpen,
      height: heightOpen,
      seed,
      providerSettings: {
        type: 'object',
        fields: { bytedance: { type: 'object', fields: { maxSequentialImages: { type: 'whole', min: 1, max: 15 } } } },
      },
    },
  },
  {
    id: 'bytedance:seedream@4.5',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/bytedance (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeeded,
      inputs: inputsReferring14,
      width: widthOpen,
      height: heightOpen,
      resolution: { type: 'text', oneOf: ['2K', '4K'] },
      seed,
      providerSettings: {
        type: 'object',
        fields: {
          bytedance: {
            type: 'object',
            fields: { maxSequentialImages: { type: 'whole', min: 1, max: 15 }, optimizePromptMode: { type: 'text' } },
          },
        },
      },
    },
  },
  {
    id: 'google:4@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/google (2026-11-29)',
    sizes: nanoBanana,
    fields: {
      ...imageTask,
      positivePrompt,
      inputs: inputsReferring8,
      width: widthOpen,
      height: heightOpen,
      settings,
      providerSettings,
    },
  },
  {
    id: 'google:4@2',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/google (2026-11-29)',
    sizes: nanoBananaPro,
    fields: {
      ...imageTask,
      positivePrompt: { type: 'text', required: true, min: 3, max: 45000 },
      inputs: inputsReferring14,
      width: widthOpen,
      height: heightOpen,
      resolution: { type: 'text', oneOf: ['1K', '2K', '4K'] },
      seed,
      settings,
      providerSettings,
    },
  },
  {
    id: 'ideogram:3@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/ideogram (2026-11-29)',
    sizes: ideogram2,
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeeded,
      negativePrompt: negativePromptTo2000,
      width,
      height,
      providerSettings,
    },
  },
  {
    id: 'ideogram:2@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/ideogram (2026-11-29)',
    sizes: ideogram2a,
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeeded,
      width,
      height,
      providerSettings,
    },
  },
  {
    id: 'ideogram:4@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/ideogram (2026-11-29)',
    sizes: ideogram3,
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeeded,
      negativePrompt: negativePromptTo2000,
      width,
      height,
      upscaleFactor: { type: 'whole', oneOf: [1, 2, 4] },
      seed,
      providerSettings,
    },
  },
  {
    id: 'ideogram:4@2',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/ideogram (2026-11-29)',
    sizes: ideogram3,
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeeded,
      inputs: {
        type: 'object',
        fields: { referenceImages: { type: 'images', required: true, max: 1 } },
        required: true,
      },
      negativePrompt: negativePromptTo2000,
      width,
      height,
      providerSettings: {
        type: 'object',
        fields: { ideogram: { type: 'object', fields: { remixStrength: { type: 'whole', min: 1, max: 100 } } } },
      },
    },
  },
  {
    id: 'ideogram:4@3',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/ideogram (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeeded,
      inputs: inputsNeededSeeded,
      providerSettings,
    },
  },
  {
    id: 'openai:1@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/openai (2026-11-29)',
    sizes: gptImage,
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeededTo32000,
      inputs: inputsReferring16,
      width,
      height,
      providerSettings: providerSettingsOfopenai,
    },
  },
  {
    id: 'openai:4@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/providers/openai (2026-11-29)',
    sizes: gptImage,
    fields: {
      ...imageTask,
      positivePrompt: { type: 'text', required: true, min: 2, max: 32000 },
      inputs: inputsReferring16,
      width,
      height,
      providerSettings: providerSettingsOfopenai,
    },
  },
  {
    id: 'recraft:v4@0',
    source: 'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges not read (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeededOpen,
      width,
      height,
      providerSettings,
    },
  },
  {
    id: 'recraft:v4-pro@0',
    source: 'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges not read (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeededOpen,
      width,
      height,
      providerSettings,
    },
  },
  {
    id: 'bria:20@1',
    source: 'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges not read (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt: positivePromptNeededOpen,
      inputs: { type: 'any' },
      negativePrompt: negativePromptOpen,
      width,
      height,
      seed,
      steps: stepsOpen,
      CFGScale: { type: 'whole', oneOf: [3, 4, 5] },
      providerSettings,
    },
  },
];
