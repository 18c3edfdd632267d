import type { VendorSchema } from '@/lib/registry/vendor-schema';
import {
  acceleratorOptions,
  cfgScale,
  checkpoint,
  clipSkip,
  controlNet,
  heightNeeded,
  heightTo2048,
  hiresFix,
  imageTask,
  inputsNeededReferring,
  ipAdapters,
  lora,
  negativePrompt,
  positivePrompt,
  promptWeighting,
  scheduler,
  seed,
  settings,
  steps,
  ultralytics,
  widthNeeded,
  widthTo2048,
} from './runware-fields';

export const runwareOpenSchemas: readonly VendorSchema[] = [
  {
    id: 'runware:108@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      settings,
    },
  },
  {
    id: 'alibaba:qwen-image@2512',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      settings,
    },
  },
  {
    id: 'runware:108@20',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt,
      inputs: inputsNeededReferring,
      negativePrompt,
      width: widthTo2048,
      height: heightTo2048,
      seed,
      steps,
      scheduler,
      CFGScale: cfgScale,
      acceleratorOptions,
      lora,
      settings,
      ultralytics,
    },
  },
  {
    id: 'runware:108@22',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt,
      inputs: inputsNeededReferring,
      negativePrompt,
      width: widthNeeded,
      height: heightNeeded,
      seed,
      steps,
      scheduler,
      CFGScale: cfgScale,
      acceleratorOptions,
      lora,
      settings,
      ultralytics,
    },
  },
  {
    id: 'civitai:101055@128078',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      clipSkip,
      promptWeighting,
      controlNet,
      ipAdapters,
      refiner: { type: 'any' },
      hiresFix,
      photoMaker: { type: 'any' },
    },
  },
  {
    id: 'runware:5@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      clipSkip,
      controlNet,
    },
  },
  {
    id: 'runware:97@1',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt,
      negativePrompt,
      width: widthTo2048,
      height: heightTo2048,
      seed,
      steps,
      scheduler,
      CFGScale: cfgScale,
      acceleratorOptions,
      lora,
    },
  },
  {
    id: 'runware:97@2',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt,
      negativePrompt,
      width: widthTo2048,
      height: heightTo2048,
      seed,
      steps,
      scheduler,
      CFGScale: cfgScale,
      acceleratorOptions,
      lora,
    },
  },
  {
    id: 'runware:97@3',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      positivePrompt,
      negativePrompt,
      width: widthTo2048,
      height: heightTo2048,
      seed,
      steps,
      scheduler,
      CFGScale: cfgScale,
      acceleratorOptions,
      lora,
    },
  },
  {
    id: 'runware:z-image@turbo',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      controlNet,
    },
  },
  {
    id: 'runware:z-image@0',
    source:
      'Runware/runware-python@6d4a442 runware/types/task_map.py; ranges: https://runware.ai/docs/en/image-inference/api-reference, copy of 2025-10-27 (2026-11-29)',
    fields: {
      ...imageTask,
      ...checkpoint,
      controlNet,
    },
  },
];
