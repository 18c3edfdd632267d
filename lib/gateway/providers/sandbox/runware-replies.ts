import type { Draw } from './draw';
import { videoUrl } from './jobs/video';
import { pictureUrl } from './picture';
import { type RunwareTask, runwareErrors } from './runware-errors';
import { idOf, type Reply, retryAfterOf, type World } from './vendor';

/** What a task is answered within its call. */
export function infer(task: RunwareTask, draw: Draw, world: World): Reply {
  const { faults } = world;
  const about = { taskType: task.taskType, taskUUID: task.taskUUID };
  switch (draw.verdict) {
    case 'failure':
      return runwareErrors(faults.status, faults.kind ?? 'serviceUnavailable', 'The service is busy.', about);
    case 'rate_limited':
      return {
        ...runwareErrors(429, 'rateLimitExceeded', 'Too many requests.', about),
        headers: retryAfterOf(faults),
      };
    case 'content_policy':
      return runwareErrors(400, 'invalidProviderContent', 'The prompt violates the content policy.', about);
    case 'balance':
      return runwareErrors(402, 'insufficientBalance', 'The balance is used up.', about);
    case 'no_image':
      return { status: 200, body: { data: [] } };
    case 'partial_errors': {
      const error = { code: 'inferenceFailed', message: 'One image could not be made.', ...about };
      return { status: 200, body: { data: madeOf(task, draw, world).slice(0, -1), errors: [error] } };
    }
    default:
      return { status: 200, body: { data: madeOf(task, draw, world) } };
  }
}

function imagesOf(task: RunwareTask, draw: Draw, { faults, origin }: World): object[] {
  const { taskType, taskUUID } = task;
  const [width, height] = sidesOf(task);
  const prompt = String(task.positivePrompt ?? '');
  // Only what is made of noise has a seed.
  const isSeeded = taskType === 'imageInference';
  const first = typeof task.seed === 'number' ? task.seed : draw.seed;
  return Array.from({ length: faults.images ?? Number(task.numberResults ?? 1) }, (_, i) => ({
    taskType,
    taskUUID,
    imageUUID: idOf(draw.seed, i + 1),
    imageURL: linkOf(pictureUrl(origin, { provider: 'runware', prompt, width, height, seed: first + i }), draw),
    ...(isSeeded ? { seed: first + i, NSFWContent: false } : {}),
    ...(task.includeCost === true ? { cost: faults.cost } : {}),
  }));
}

/** Where nothing is said of it, a picture has 1024 × 1024, and is enlarged from there. */
function sidesOf({ width, height, upscaleFactor }: RunwareTask): readonly [number, number] {
  if (typeof width === 'number' && typeof height === 'number') return [width, height];
  const side = 1024 * Number(upscaleFactor ?? 1);
  return [side, side];
}

/** What came of a task: its pictures, or its videos. */
export function madeOf(task: RunwareTask, draw: Draw, world: World): object[] {
  return task.taskType === 'videoInference' ? videosOf(task, draw, world) : imagesOf(task, draw, world);
}

/** Videos are priced by the second. */
function videosOf(task: RunwareTask, draw: Draw, { faults, origin }: World): object[] {
  const { taskType, taskUUID, duration = 5 } = task;
  const seconds = Number(duration);
  const first = typeof task.seed === 'number' ? task.seed : draw.seed;
  return Array.from({ length: Number(task.numberResults ?? 1) }, (_, i) => ({
    taskType,
    taskUUID,
    videoUUID: idOf(draw.seed, i + 1),
    videoURL: linkOf(videoUrl(origin, { provider: 'runware', seconds, seed: first + i }), draw),
    seed: first + i,
    ...(task.includeCost === true ? { cost: faults.cost * seconds } : {}),
  }));
}

function linkOf(url: string, { fate }: Draw): string {
  return fate?.end === 'dead_link' ? url.replace(/\.(svg|mp4)\?/, '.gone.$1?') : url;
}
