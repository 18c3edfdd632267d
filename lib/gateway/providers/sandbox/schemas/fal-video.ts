import type { VendorField, VendorFields, VendorSchema } from '@/lib/registry/vendor-schema';
import {
  enableSafetyChecker,
  imageUrl,
  imageUrlOpen,
  negativePrompt,
  prompt,
  safetyTolerance,
  seed,
} from './fal-fields';

const client = '@fal-ai/client@1.10.1 src/types/endpoints.d.ts';
const source = `${client} (2026-11-29)`;
const read = (id: string) => `${client}; ranges: https://fal.ai/models/${id}/llms.txt (2026-11-29)`;
const answers = 'video' as const;

const words = (...oneOf: readonly string[]): VendorField => ({ type: 'text', oneOf });
const lasting = (from: number, to: number) =>
  words(...Array.from({ length: to - from + 1 }, (_, at) => `${from + at}`));
const flag: VendorField = { type: 'flag' };
const image = { image_url: imageUrl };

const kling: VendorFields = {
  ...{ prompt, negative_prompt: negativePrompt, duration: words('5', '10') },
  cfg_scale: { type: 'number', min: 0, max: 1 },
};
const wide = { aspect_ratio: words('16:9', '9:16', '1:1') };
const veo: VendorFields = {
  ...{ prompt, negative_prompt: negativePrompt, seed, auto_fix: flag, generate_audio: flag },
  ...{ duration: words('4s', '6s', '8s'), resolution: words('720p', '1080p'), safety_tolerance: safetyTolerance },
};
const two = { aspect_ratio: words('16:9', '9:16') };
const twoOrAuto = { aspect_ratio: words('auto', '16:9', '9:16') };
const hailuo: VendorFields = { prompt, prompt_optimizer: flag };
const hailuoLasting = { duration: words('6', '10') };
const resolutions = words('480p', '720p', '1080p');
const pixverse: VendorFields = {
  ...{ prompt, negative_prompt: negativePrompt, seed, duration: words('5', '8') },
  resolution: words('360p', '540p', '720p', '1080p'),
  style: words('anime', '3d_animation', 'clay', 'comic', 'cyberpunk'),
};
const five = { aspect_ratio: words('16:9', '4:3', '1:1', '3:4', '9:16') };
const wan: VendorFields = {
  ...{ prompt, negative_prompt: negativePrompt, seed, enable_safety_checker: enableSafetyChecker, multi_shots: flag },
  ...{ audio_url: { type: 'text' }, enable_prompt_expansion: flag, duration: words('5', '10', '15') },
  resolution: words('720p', '1080p'),
};
const sora: VendorFields = {
  ...{ prompt, delete_video: flag, detect_and_block_ip: flag, character_ids: { type: 'images' } },
  duration: words('4', '8', '12', '16', '20'),
  model: words('sora-2', 'sora-2-2025-12-08', 'sora-2-2025-10-06'),
};

const of = (id: string, fields: VendorFields, from = source): VendorSchema => ({ id, source: from, answers, fields });
const readOf = (id: string, fields: VendorFields) => of(id, fields, read(id));

export const falVideoSchemas: readonly VendorSchema[] = [
  of('fal-ai/kling-video/v2.5-turbo/pro/text-to-video', { ...kling, ...wide }),
  readOf('fal-ai/kling-video/v2.5-turbo/pro/image-to-video', { ...kling, ...image, tail_image_url: imageUrlOpen }),
  readOf('fal-ai/kling-video/v2.1/master/text-to-video', { ...kling, ...wide }),
  of('fal-ai/kling-video/v2.1/master/image-to-video', { ...kling, ...image }),
  of('fal-ai/kling-video/v2.6/pro/text-to-video', { ...kling, ...wide, generate_audio: flag }),
  of('fal-ai/veo3', { ...veo, ...two }),
  of('fal-ai/veo3/fast', { ...veo, ...two }),
  readOf('fal-ai/veo3.1', { ...veo, ...two }),
  of('fal-ai/veo3.1/image-to-video', { ...veo, ...twoOrAuto, ...image }),
  of('fal-ai/veo3.1/fast', { ...veo, ...two }),
  of('fal-ai/veo3.1/fast/image-to-video', { ...veo, ...twoOrAuto, ...image }),
  readOf('fal-ai/minimax/hailuo-2.3/standard/text-to-video', { ...hailuo, ...hailuoLasting }),
  readOf('fal-ai/minimax/hailuo-2.3/standard/image-to-video', { ...hailuo, ...hailuoLasting, ...image }),
  readOf('fal-ai/minimax/hailuo-2.3/pro/text-to-video', hailuo),
  readOf('fal-ai/minimax/hailuo-2.3/pro/image-to-video', { ...hailuo, ...image }),
  of('fal-ai/bytedance/seedance/v1/pro/text-to-video', {
    ...{ prompt, seed, camera_fixed: flag, enable_safety_checker: enableSafetyChecker, num_frames: { type: 'whole' } },
    ...{ duration: lasting(2, 12), resolution: resolutions },
    aspect_ratio: words('21:9', '16:9', '4:3', '1:1', '3:4', '9:16', '9:21'),
  }),
  of('fal-ai/pixverse/v5/text-to-video', { ...pixverse, ...five }),
  of('fal-ai/pixverse/v5/image-to-video', { ...pixverse, ...image }),
  of('wan/v2.6/text-to-video', { ...wan, ...five }),
  of('wan/v2.6/image-to-video', { ...wan, ...image }),
  of('fal-ai/sora-2/text-to-video', { ...sora, ...two, resolution: { type: 'text' } }),
  of('fal-ai/sora-2/image-to-video', { ...sora, ...twoOrAuto, ...image, resolution: words('auto', '720p') }),
];
