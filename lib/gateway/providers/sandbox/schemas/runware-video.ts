import type { VendorField, VendorFields, VendorSchema } from '@/lib/registry/vendor-schema';
import { heightOpen, negativePromptOpen, positivePromptNeededOpen, seed, videoTask, widthOpen } from './runware-fields';

const sdk = 'Runware/runware-python@6d4a442 runware/types/task_map.py';
const page = (slug: string) => `${sdk}; sizes: https://runware.ai/docs/models/${slug}.md (2026-11-29)`;
const provider = (name: string) => `${sdk}; sizes: https://runware.ai/docs/en/providers/${name} (2026-11-29)`;

const words = (...oneOf: readonly string[]): VendorField => ({ type: 'text', oneOf });
const lasting = (...oneOf: readonly number[]): VendorField => ({ type: 'whole', oneOf });
const flag: VendorField = { type: 'flag' };

/** Of every model that ships: words, sides, and the first picture or the last. */
const video: VendorFields = {
  ...videoTask,
  inputs: { type: 'object', fields: { frameImages: { type: 'images', max: 2 } } },
  positivePrompt: positivePromptNeededOpen,
  width: widthOpen,
  height: heightOpen,
};
const kling: VendorFields = {
  ...video,
  negativePrompt: negativePromptOpen,
  duration: lasting(5, 10),
  CFGScale: { type: 'number', min: 0, max: 1 },
};
const google: VendorField = {
  type: 'object',
  fields: { google: { type: 'object', fields: { generateAudio: flag, resizeMode: { type: 'text' } } } },
};
const veo: VendorFields = { ...video, seed, providerSettings: google };
const veoSizes = ['1280x720', '720x1280', '1920x1080', '1080x1920'];
const fourK = ['3840x2160', '2160x3840'];
const four = (...lines: readonly number[]) =>
  lines.flatMap((line) => {
    const long = Math.round((line * 16) / 9);
    const third = Math.round((line * 4) / 3);
    return [`${long}x${line}`, `${third}x${line}`, `${line}x${line}`, `${line}x${third}`, `${line}x${long}`];
  });

export const runwareVideoSchemas: readonly VendorSchema[] = [
  {
    id: 'klingai:6@1',
    source: page('klingai-2-5-turbo-pro'),
    sizes: ['1280x720', '720x720', '720x1280'],
    fields: kling,
  },
  {
    id: 'klingai:5@3',
    source: page('klingai-2-1-master'),
    sizes: ['1920x1080', '1080x1080', '1080x1920'],
    fields: kling,
  },
  {
    id: 'google:3@0',
    source: provider('google'),
    sizes: veoSizes,
    fields: { ...veo, duration: lasting(4, 6, 8), resolution: words('720p', '1080p') },
  },
  { id: 'google:3@1', source: provider('google'), sizes: veoSizes, fields: { ...veo, duration: lasting(4, 6, 8) } },
  {
    id: 'google:3@2',
    source: provider('google'),
    sizes: veoSizes,
    fields: { ...veo, duration: lasting(4, 6, 7, 8), resolution: words('720p', '1080p', '4K') },
  },
  {
    id: 'google:3@3',
    source: page('google-veo-3-1-fast'),
    sizes: [...veoSizes, ...fourK],
    fields: { ...veo, duration: lasting(4, 6, 7, 8), resolution: words('720p', '1080p', '4K') },
  },
  {
    id: 'minimax:4@1',
    source: page('minimax-hailuo-2-3'),
    sizes: ['1366x768', '1920x1080'],
    fields: {
      ...video,
      duration: { type: 'number', oneOf: [6, 10] },
      fps: lasting(25),
      providerSettings: {
        type: 'object',
        fields: { minimax: { type: 'object', fields: { promptOptimizer: flag } } },
      },
    },
  },
  {
    id: 'bytedance:2@1',
    source: page('bytedance-seedance-1-0-pro'),
    sizes: [
      ...['864x480', '736x544', '640x640', '544x736', '480x864', '416x960', '960x416'],
      ...['1920x1088', '1664x1248', '1440x1440', '1248x1664', '1088x1920', '928x2176', '2176x928'],
    ],
    fields: {
      ...video,
      seed,
      duration: { type: 'number' },
      resolution: words('480p', '1080p'),
      providerSettings: {
        type: 'object',
        fields: { bytedance: { type: 'object', fields: { cameraFixed: flag } } },
      },
    },
  },
  {
    id: 'pixverse:1@5',
    source: page('pixverse-v5'),
    sizes: four(360, 540, 720, 1080),
    fields: {
      ...video,
      seed,
      negativePrompt: negativePromptOpen,
      duration: lasting(5, 8),
      resolution: words('360p', '540p', '720p', '1080p'),
      providerSettings: { type: 'any' },
    },
  },
  {
    id: 'alibaba:wan@2.6',
    source: page('alibaba-wan2-6'),
    sizes: [
      ...['1280x720', '720x1280', '960x960', '1088x832', '832x1088'],
      ...['1920x1080', '1080x1920', '1440x1440', '1632x1248', '1248x1632'],
    ],
    fields: {
      ...video,
      seed,
      negativePrompt: negativePromptOpen,
      duration: lasting(5, 10, 15),
      resolution: words('720p', '1080p'),
      providerSettings: { type: 'any' },
    },
  },
  {
    id: 'openai:3@1',
    source: provider('openai'),
    sizes: ['1280x720', '720x1280'],
    fields: { ...video, duration: lasting(4, 8, 12, 16, 20) },
  },
];
