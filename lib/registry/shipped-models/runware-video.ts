import * as runware from './runware-rules';
import type { ShippedModel, ShippedRules } from './shipped-model';

const taskType = 'videoInference';
const row = { provider: 'runware', price: {}, fixed: { taskType }, lossy: 'pin', enabled: true } as const;
const perSecond = (usd: number) => ({ usd, per: 'second' });
const lasting = (...all: readonly number[]) => {
  const values = Object.fromEntries(all.map((seconds) => [seconds, seconds]));
  return { to: 'duration', values, default: all[0] };
};
/** The first is what is made where nothing is asked for. */
const sides = (...values: readonly string[]) => ({
  ...{ as: 'sides', width: 'width', height: 'height', values, default: values[0] },
});
/** The first picture of the video, which has its size. */
const image = { to: 'inputs.frameImages', list: true, most: 1, required: true };

const kling: ShippedRules = {
  prompt: runware.promptTo(2500),
  negative_prompt: { to: 'negativePrompt', max: 2500 },
  duration: lasting(5, 10),
  guidance: runware.guidanceTo(1),
};
/** Where the longest prompt was not found. */
const short = runware.promptTo(1500);
const shortly = '; longest prompt not found, ours is short';

const veo: ShippedRules = {
  prompt: runware.promptTo(3000),
  seed: runware.seed,
  audio: { to: 'providerSettings.google.generateAudio', type: 'flag', default: true },
  duration: { ...lasting(4, 6, 8), default: 8 },
};
const veoSides = sides('1280x720', '720x1280', '1920x1080', '1080x1920');
const veoFastPrice = { usd: 0.15, per: 'second', by: ['audio'], at: { '* false': 0.1 } };
const sora: ShippedRules = {
  prompt: runware.promptTo(4000),
  duration: lasting(4, 8, 12, 16, 20),
  size: sides('1280x720', '720x1280'),
};
const hailuo: ShippedRules = {
  prompt: short,
  enhance_prompt: { to: 'providerSettings.minimax.promptOptimizer', type: 'flag' },
};
const pixverse: ShippedRules = {
  prompt: short,
  negative_prompt: { to: 'negativePrompt', max: 500 },
  seed: runware.seed,
  duration: lasting(5, 8),
};
const google = runware.videoFrom('sizes: https://runware.ai/docs/en/providers/google');
const openai = runware.videoFrom('sizes: https://runware.ai/docs/en/providers/openai');

export const runwareVideo: readonly ShippedModel[] = [
  {
    ...row,
    alias: 'kling-2.5-turbo-pro',
    providerModel: 'klingai:6@1',
    price: perSecond(0.07),
    params: { ...kling, size: sides('1280x720', '720x1280', '720x720') },
    source: runware.videoAt('klingai-2-5-turbo-pro'),
  },
  {
    ...row,
    alias: 'kling-2.5-turbo-pro-image-to-video',
    providerModel: 'klingai:6@1',
    price: perSecond(0.07),
    params: { ...kling, image },
    source: runware.videoAt('klingai-2-5-turbo-pro'),
  },
  {
    ...row,
    alias: 'kling-2.1-master',
    providerModel: 'klingai:5@3',
    price: perSecond(0.1848),
    params: { ...kling, size: sides('1920x1080', '1080x1920', '1080x1080') },
    source: runware.videoAt('klingai-2-1-master'),
  },
  {
    ...row,
    alias: 'kling-2.1-master-image-to-video',
    providerModel: 'klingai:5@3',
    price: perSecond(0.1848),
    params: { ...kling, image },
    source: runware.videoAt('klingai-2-1-master'),
  },
  {
    ...row,
    alias: 'veo-3',
    providerModel: 'google:3@0',
    params: { ...veo, size: veoSides },
    source: google,
  },
  {
    ...row,
    alias: 'veo-3-fast',
    providerModel: 'google:3@1',
    params: { ...veo, size: veoSides },
    source: google,
  },
  {
    ...row,
    alias: 'veo-3.1',
    providerModel: 'google:3@2',
    params: { ...veo, size: veoSides },
    source: google,
  },
  {
    ...row,
    alias: 'veo-3.1-image-to-video',
    providerModel: 'google:3@2',
    params: { ...veo, image },
    source: google,
  },
  {
    ...row,
    alias: 'veo-3.1-fast',
    providerModel: 'google:3@3',
    price: veoFastPrice,
    params: { ...veo, size: veoSides },
    source: runware.videoAt('google-veo-3-1-fast'),
  },
  {
    ...row,
    alias: 'veo-3.1-fast-image-to-video',
    providerModel: 'google:3@3',
    price: veoFastPrice,
    params: { ...veo, image },
    source: runware.videoAt('google-veo-3-1-fast'),
  },
  {
    ...row,
    alias: 'hailuo-2.3-standard',
    providerModel: 'minimax:4@1',
    price: { usd: 0.28, per: 'unit', by: ['duration'], at: { '* 10': 0.56 } },
    fixed: { taskType, width: 1366, height: 768 },
    params: { ...hailuo, duration: lasting(6, 10) },
    source: runware.videoAt('minimax-hailuo-2-3', shortly),
  },
  {
    ...row,
    alias: 'hailuo-2.3-pro',
    providerModel: 'minimax:4@1',
    price: { usd: 0.49, per: 'unit' },
    fixed: { taskType, width: 1920, height: 1080, duration: 6 },
    params: hailuo,
    source: runware.videoAt('minimax-hailuo-2-3', shortly),
  },
  {
    ...row,
    alias: 'seedance-1-pro',
    providerModel: 'bytedance:2@1',
    price: perSecond(0.0968),
    params: {
      prompt: short,
      seed: runware.seed,
      duration: lasting(5, 6, 7, 8, 9, 10),
      size: sides('1920x1088', '1664x1248', '1440x1440', '1248x1664', '1088x1920', '928x2176', '2176x928'),
    },
    source: runware.videoAt('bytedance-seedance-1-0-pro', shortly),
  },
  {
    ...row,
    alias: 'pixverse-v5',
    providerModel: 'pixverse:1@5',
    params: { ...pixverse, size: sides('1280x720', '720x1280', '720x720', '960x720', '720x960') },
    source: runware.videoAt('pixverse-v5', ` (of 1080p alone)${shortly}`),
  },
  {
    ...row,
    alias: 'pixverse-v5-image-to-video',
    providerModel: 'pixverse:1@5',
    fixed: { taskType, resolution: '720p' },
    params: { ...pixverse, image },
    source: runware.videoAt('pixverse-v5', ` (of 1080p alone)${shortly}`),
  },
  {
    ...row,
    alias: 'wan-2.6',
    providerModel: 'alibaba:wan@2.6',
    price: perSecond(0.1),
    params: {
      prompt: short,
      negative_prompt: { to: 'negativePrompt', max: 500 },
      seed: runware.seed,
      safety: 'safety.checkContent',
      duration: lasting(5, 10, 15),
      size: sides('1280x720', '720x1280', '960x960', '1088x832', '832x1088'),
    },
    source: runware.videoAt('alibaba-wan2-6', shortly),
  },
  {
    ...row,
    alias: 'sora-2',
    providerModel: 'openai:3@1',
    params: sora,
    source: openai,
  },
  {
    ...row,
    alias: 'sora-2-image-to-video',
    providerModel: 'openai:3@1',
    params: { ...sora, image },
    source: openai,
  },
  {
    ...row,
    alias: 'kling-2.6-pro',
    providerModel: 'klingai:kling-video@2.6-pro',
    enabled: false,
    params: { ...kling, size: sides('1920x1080', '1080x1920', '1080x1080') },
    source: runware.videoFrom('Off: neither its sizes nor how sound is asked for were found'),
  },
];
