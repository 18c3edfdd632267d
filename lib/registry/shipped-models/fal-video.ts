import * as fal from './fal-rules';
import type { ShippedModel, ShippedRules } from './shipped-model';

const { row, safety, seed } = fal;
const perSecond = (usd: number) => ({ usd, per: 'second' });
/** Where it costs more with sound. */
const withAudio = (usd: number, silent: number) => ({ usd, per: 'second', by: ['audio'], at: { '* false': silent } });

const prompt = { to: 'prompt', required: true };
const audio = { to: 'generate_audio', type: 'flag', default: true };
const optimizer = { to: 'prompt_optimizer', type: 'flag' };
const ratio = (...values: readonly string[]) => ({ as: 'ratio', to: 'aspect_ratio', values, default: '16:9' });
/** FAL takes a length as text. */
const lasting = (all: readonly number[], usual = all[0], unit = '') => {
  const values = Object.fromEntries(all.map((seconds) => [seconds, `${seconds}${unit}`]));
  return { to: 'duration', values, default: usual };
};

const kling: ShippedRules = {
  prompt: { ...prompt, max: 2500 },
  negative_prompt: { to: 'negative_prompt', max: 2500 },
  duration: lasting([5, 10]),
  guidance: { to: 'cfg_scale', min: 0, max: 1 },
};
const wide = ratio('16:9', '9:16', '1:1');
const veo: ShippedRules = {
  prompt,
  negative_prompt: 'negative_prompt',
  seed,
  audio,
  duration: lasting([4, 6, 8], 8, 's'),
  resolution: { to: 'resolution', type: 'choice', values: ['720p', '1080p'] },
  safety_tolerance: fal.tolerance,
};
const sora: ShippedRules = { prompt, duration: lasting([4, 8, 12, 16, 20]), size: ratio('16:9', '9:16') };
const pixverse: ShippedRules = { prompt, negative_prompt: 'negative_prompt', seed, duration: lasting([5, 8]) };
const wan: ShippedRules = { prompt, negative_prompt: 'negative_prompt', seed, safety, duration: lasting([5, 10, 15]) };
const hailuoPrice = { usd: 0.28, per: 'unit', by: ['duration'], at: { '* 10': 0.56 } };
const seedanceRatio = ratio('16:9', '4:3', '1:1', '3:4', '9:16', '9:21', '21:9');
const five = ratio('16:9', '9:16', '1:1', '4:3', '3:4');

const read = (page: string) => `${fal.client}; ranges and price: https://fal.ai/models/${page}/llms.txt ${fal.readOn}`;
const unpriced = `${fal.client}; the price was not found, FAL's pricing API has it ${fal.readOn}`;

export const falVideo: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'kling-2.5-turbo-pro',
    providerModel: 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video',
    price: perSecond(0.07),
    params: { ...kling, size: wide },
    source: `${read('fal-ai/kling-video/v2.5-turbo/pro/image-to-video')}, the page of its image-to-video`,
  },
  {
    ...row,
    alias: 'kling-2.5-turbo-pro-image-to-video',
    providerModel: 'fal-ai/kling-video/v2.5-turbo/pro/image-to-video',
    price: perSecond(0.07),
    params: { ...kling, image: fal.oneImage },
    source: read('fal-ai/kling-video/v2.5-turbo/pro/image-to-video'),
  },
  {
    ...row,
    alias: 'kling-2.1-master',
    providerModel: 'fal-ai/kling-video/v2.1/master/text-to-video',
    price: perSecond(0.28),
    params: { ...kling, size: wide },
    source: read('fal-ai/kling-video/v2.1/master/text-to-video'),
  },
  {
    ...row,
    alias: 'kling-2.1-master-image-to-video',
    providerModel: 'fal-ai/kling-video/v2.1/master/image-to-video',
    params: { ...kling, image: fal.oneImage },
    source: unpriced,
  },
  {
    ...row,
    alias: 'kling-2.6-pro',
    providerModel: 'fal-ai/kling-video/v2.6/pro/text-to-video',
    params: { ...kling, audio, size: wide },
    source: unpriced,
  },
  {
    ...row,
    alias: 'veo-3',
    providerModel: 'fal-ai/veo3',
    params: { ...veo, size: ratio('16:9', '9:16') },
    source: unpriced,
  },
  {
    ...row,
    alias: 'veo-3-fast',
    providerModel: 'fal-ai/veo3/fast',
    params: { ...veo, size: ratio('16:9', '9:16') },
    source: unpriced,
  },
  {
    ...row,
    alias: 'veo-3.1',
    providerModel: 'fal-ai/veo3.1',
    price: withAudio(0.4, 0.2),
    params: { ...veo, size: ratio('16:9', '9:16') },
    source: read('fal-ai/veo3.1'),
  },
  {
    ...row,
    alias: 'veo-3.1-image-to-video',
    providerModel: 'fal-ai/veo3.1/image-to-video',
    params: { ...veo, image: fal.oneImage },
    source: unpriced,
  },
  {
    ...row,
    alias: 'veo-3.1-fast',
    providerModel: 'fal-ai/veo3.1/fast',
    params: { ...veo, size: ratio('16:9', '9:16') },
    source: unpriced,
  },
  {
    ...row,
    alias: 'veo-3.1-fast-image-to-video',
    providerModel: 'fal-ai/veo3.1/fast/image-to-video',
    params: { ...veo, image: fal.oneImage },
    source: unpriced,
  },
  {
    ...row,
    alias: 'hailuo-2.3-standard',
    providerModel: 'fal-ai/minimax/hailuo-2.3/standard/text-to-video',
    price: hailuoPrice,
    params: { prompt, duration: lasting([6, 10]), enhance_prompt: optimizer },
    source: read('fal-ai/minimax/hailuo-2.3/standard/text-to-video'),
  },
  {
    ...row,
    alias: 'hailuo-2.3-standard-image-to-video',
    providerModel: 'fal-ai/minimax/hailuo-2.3/standard/image-to-video',
    price: hailuoPrice,
    params: { prompt, image: fal.oneImage, duration: lasting([6, 10]), enhance_prompt: optimizer },
    source: read('fal-ai/minimax/hailuo-2.3/standard/image-to-video'),
  },
  {
    ...row,
    alias: 'hailuo-2.3-pro',
    providerModel: 'fal-ai/minimax/hailuo-2.3/pro/text-to-video',
    price: { usd: 0.49, per: 'unit' },
    params: { prompt, enhance_prompt: optimizer },
    source: read('fal-ai/minimax/hailuo-2.3/pro/text-to-video'),
  },
  {
    ...row,
    alias: 'hailuo-2.3-pro-image-to-video',
    providerModel: 'fal-ai/minimax/hailuo-2.3/pro/image-to-video',
    price: { usd: 0.49, per: 'unit' },
    params: { prompt, image: fal.oneImage, enhance_prompt: optimizer },
    source: read('fal-ai/minimax/hailuo-2.3/pro/image-to-video'),
  },
  {
    ...row,
    alias: 'seedance-1-pro',
    providerModel: 'fal-ai/bytedance/seedance/v1/pro/text-to-video',
    fixed: { resolution: '1080p' },
    params: { prompt, seed, safety, size: seedanceRatio, duration: lasting([5, 6, 7, 8, 9, 10]) },
    source: unpriced,
  },
  {
    ...row,
    alias: 'pixverse-v5',
    providerModel: 'fal-ai/pixverse/v5/text-to-video',
    fixed: { resolution: '720p' },
    params: { ...pixverse, size: five },
    source: unpriced,
  },
  {
    ...row,
    alias: 'pixverse-v5-image-to-video',
    providerModel: 'fal-ai/pixverse/v5/image-to-video',
    fixed: { resolution: '720p' },
    params: { ...pixverse, image: fal.oneImage },
    source: unpriced,
  },
  {
    ...row,
    alias: 'wan-2.6',
    providerModel: 'wan/v2.6/text-to-video',
    fixed: { resolution: '720p' },
    params: { ...wan, size: five },
    source: unpriced,
  },
  {
    ...row,
    alias: 'wan-2.6-image-to-video',
    providerModel: 'wan/v2.6/image-to-video',
    fixed: { resolution: '720p' },
    params: { ...wan, image: fal.oneImage },
    source: unpriced,
  },
  {
    ...row,
    alias: 'sora-2',
    providerModel: 'fal-ai/sora-2/text-to-video',
    fixed: { resolution: '720p' },
    params: sora,
    source: unpriced,
  },
  {
    ...row,
    alias: 'sora-2-image-to-video',
    providerModel: 'fal-ai/sora-2/image-to-video',
    fixed: { resolution: '720p' },
    params: { ...sora, image: fal.oneImage },
    source: unpriced,
  },
];
