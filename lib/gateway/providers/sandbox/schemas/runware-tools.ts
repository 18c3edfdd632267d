import type { VendorSchema } from '@/lib/registry/vendor-schema';
import { inputsNeeded, platform, providerSettings, taskTypeNeeded, taskTypeNeededOpen } from './runware-fields';

export const runwareToolsSchemas: readonly VendorSchema[] = [
  {
    id: 'runware:500@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/tools/upscale (2026-11-29)',
    fields: {
      ...platform,
      taskType: taskTypeNeeded,
      upscaleFactor: { type: 'whole', oneOf: [2] },
      settings: {
        type: 'object',
        fields: {
          positivePrompt: { type: 'text', min: 2, max: 3000 },
          negativePrompt: { type: 'text', min: 2, max: 3000 },
          strength: { type: 'number', min: 0, max: 1 },
          controlNetWeight: { type: 'number', min: 0, max: 1 },
          steps: { type: 'whole', min: 1, max: 100 },
          scheduler: { type: 'text' },
          seed: { type: 'whole' },
          CFGScale: { type: 'number', min: 0, max: 50 },
        },
      },
      inputs: inputsNeeded,
    },
  },
  {
    id: 'runware:504@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/tools/upscale (2026-11-29)',
    fields: {
      ...platform,
      taskType: taskTypeNeeded,
      upscaleFactor: { type: 'whole', oneOf: [2, 4] },
      inputs: inputsNeeded,
    },
  },
  {
    id: 'runware:112@5',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/tools/remove-background (2026-11-29)',
    fields: {
      ...platform,
      taskType: taskTypeNeededOpen,
      inputs: inputsNeeded,
    },
  },
  {
    id: 'bria:2@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/tools/remove-background (2026-11-29)',
    fields: {
      ...platform,
      taskType: taskTypeNeededOpen,
      providerSettings,
      inputs: inputsNeeded,
    },
  },
];
